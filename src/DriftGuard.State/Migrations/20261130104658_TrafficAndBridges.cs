using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DriftGuard.State.Migrations
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
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    Fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Serves = table.Column<bool>(type: "INTEGER", nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false),
                    Map = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Bridges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SearchMinutes",
                columns: table => new
                {
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    Collection = table.Column<string>(type: "TEXT", nullable: false),
                    Minute = table.Column<long>(type: "INTEGER", nullable: false),
                    Gateway = table.Column<string>(type: "TEXT", nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchMinutes", x => new { x.Index, x.Collection, x.Minute, x.Gateway });
                });

            migrationBuilder.CreateTable(
                name: "ShadowMinutes",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "TEXT", nullable: false),
                    Minute = table.Column<long>(type: "INTEGER", nullable: false),
                    Gateway = table.Column<string>(type: "TEXT", nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ShadowMinutes", x => new { x.RolloutId, x.Minute, x.Gateway });
                });

            migrationBuilder.CreateTable(
                name: "ShadowQueries",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    Overlap = table.Column<double>(type: "REAL", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false)
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
