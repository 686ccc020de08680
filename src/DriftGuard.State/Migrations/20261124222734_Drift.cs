using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DriftGuard.State.Migrations
{
    /// <inheritdoc />
    public partial class Drift : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "DriftBaselines",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    Fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    Collection = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false),
                    Blob = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DriftBaselines", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DriftReports",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Trigger = table.Column<string>(type: "TEXT", nullable: false),
                    Detectors = table.Column<string>(type: "TEXT", nullable: false),
                    Verdict = table.Column<string>(type: "TEXT", nullable: false),
                    Cause = table.Column<string>(type: "TEXT", nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DriftReports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DriftUsage",
                columns: table => new
                {
                    Provider = table.Column<string>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Texts = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DriftUsage", x => new { x.Provider, x.Day });
                });

            migrationBuilder.CreateTable(
                name: "DriftVerdicts",
                columns: table => new
                {
                    ReportId = table.Column<string>(type: "TEXT", nullable: false),
                    Detector = table.Column<string>(type: "TEXT", nullable: false),
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    Verdict = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Statistic = table.Column<double>(type: "REAL", nullable: true),
                    P = table.Column<double>(type: "REAL", nullable: true),
                    Effect = table.Column<double>(type: "REAL", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DriftVerdicts", x => new { x.ReportId, x.Detector });
                });

            migrationBuilder.CreateTable(
                name: "LeaseEpochs",
                columns: table => new
                {
                    Epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LeaseEpochs", x => x.Epoch);
                });

            migrationBuilder.CreateTable(
                name: "ModelEnrolments",
                columns: table => new
                {
                    Fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ProbeVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false),
                    Vectors = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ModelEnrolments", x => x.Fingerprint);
                });

            migrationBuilder.CreateTable(
                name: "QueryDays",
                columns: table => new
                {
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Seen = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QueryDays", x => new { x.Index, x.Day });
                });

            migrationBuilder.CreateTable(
                name: "QueryObservations",
                columns: table => new
                {
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    Priority = table.Column<long>(type: "INTEGER", nullable: false),
                    Fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    Session = table.Column<string>(type: "TEXT", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    BestScore = table.Column<double>(type: "REAL", nullable: true),
                    Language = table.Column<string>(type: "TEXT", nullable: true),
                    Text = table.Column<string>(type: "TEXT", nullable: true),
                    Vector = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QueryObservations", x => new { x.Index, x.Day, x.Key });
                });

            migrationBuilder.CreateIndex(
                name: "IX_DriftBaselines_Index_Fingerprint_At",
                table: "DriftBaselines",
                columns: new[] { "Index", "Fingerprint", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_DriftReports_Index_At",
                table: "DriftReports",
                columns: new[] { "Index", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_DriftVerdicts_Index_Detector_At",
                table: "DriftVerdicts",
                columns: new[] { "Index", "Detector", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_QueryObservations_Index_Day_Priority",
                table: "QueryObservations",
                columns: new[] { "Index", "Day", "Priority" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DriftBaselines");

            migrationBuilder.DropTable(
                name: "DriftReports");

            migrationBuilder.DropTable(
                name: "DriftUsage");

            migrationBuilder.DropTable(
                name: "DriftVerdicts");

            migrationBuilder.DropTable(
                name: "LeaseEpochs");

            migrationBuilder.DropTable(
                name: "ModelEnrolments");

            migrationBuilder.DropTable(
                name: "QueryDays");

            migrationBuilder.DropTable(
                name: "QueryObservations");
        }
    }
}
