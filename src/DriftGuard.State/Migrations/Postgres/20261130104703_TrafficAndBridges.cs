using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DriftGuard.State.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class TrafficAndBridges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Bridges",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    Serves = table.Column<bool>(type: "boolean", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Map = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Bridges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SearchMinutes",
                columns: table => new
                {
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Collection = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Minute = table.Column<long>(type: "bigint", nullable: false),
                    Gateway = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchMinutes", x => new { x.Index, x.Collection, x.Minute, x.Gateway });
                });

            migrationBuilder.CreateTable(
                name: "ShadowMinutes",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Minute = table.Column<long>(type: "bigint", nullable: false),
                    Gateway = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ShadowMinutes", x => new { x.RolloutId, x.Minute, x.Gateway });
                });

            migrationBuilder.CreateTable(
                name: "ShadowQueries",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Overlap = table.Column<double>(type: "double precision", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ShadowQueries", x => new { x.RolloutId, x.Key });
                });

            migrationBuilder.CreateIndex(
                name: "IX_Bridges_Index_At",
                table: "Bridges",
                columns: new[] { "Index", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_ShadowQueries_RolloutId_Overlap",
                table: "ShadowQueries",
                columns: new[] { "RolloutId", "Overlap" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Bridges");

            migrationBuilder.DropTable(
                name: "SearchMinutes");

            migrationBuilder.DropTable(
                name: "ShadowMinutes");

            migrationBuilder.DropTable(
                name: "ShadowQueries");
        }
    }
}
