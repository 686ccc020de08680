using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DriftGuard.State.Migrations
{
    /// <inheritdoc />
    public partial class OpenWrites : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "OpenWrites",
                columns: table => new
                {
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenWrites", x => x.Sequence);
                });

            migrationBuilder.CreateIndex(
                name: "IX_OpenWrites_Index",
                table: "OpenWrites",
                column: "Index");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "OpenWrites");
        }
    }
}
