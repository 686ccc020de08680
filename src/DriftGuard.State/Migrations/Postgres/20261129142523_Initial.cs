using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace DriftGuard.State.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateSequence(
                name: "OutboxSequence");

            migrationBuilder.CreateTable(
                name: "Audit",
                columns: table => new
                {
                    Sequence = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    RolloutId = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Event = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Reason = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Message = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Audit", x => x.Sequence);
                });

            migrationBuilder.CreateTable(
                name: "Counters",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Value = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Counters", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "DirtyIds",
                columns: table => new
                {
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    PointId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Sequence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DirtyIds", x => new { x.Index, x.PointId });
                });

            migrationBuilder.CreateTable(
                name: "DriftBaselines",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Collection = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Blob = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DriftBaselines", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DriftReports",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Trigger = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Detectors = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Verdict = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Cause = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DriftReports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DriftUsage",
                columns: table => new
                {
                    Provider = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Texts = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DriftUsage", x => new { x.Provider, x.Day });
                });

            migrationBuilder.CreateTable(
                name: "DriftVerdicts",
                columns: table => new
                {
                    ReportId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Detector = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Verdict = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Statistic = table.Column<double>(type: "double precision", nullable: true),
                    P = table.Column<double>(type: "double precision", nullable: true),
                    Effect = table.Column<double>(type: "double precision", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DriftVerdicts", x => new { x.ReportId, x.Detector });
                });

            migrationBuilder.CreateTable(
                name: "Evaluations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    RolloutId = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Verdict = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Evaluations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IdSets",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Ordinal = table.Column<int>(type: "integer", nullable: false),
                    Bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IdSets", x => new { x.RolloutId, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "Indexes",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Indexes", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "LeaseEpochs",
                columns: table => new
                {
                    Epoch = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LeaseEpochs", x => x.Epoch);
                });

            migrationBuilder.CreateTable(
                name: "ModelEnrolments",
                columns: table => new
                {
                    Fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    ProbeVersion = table.Column<int>(type: "integer", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Vectors = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ModelEnrolments", x => x.Fingerprint);
                });

            migrationBuilder.CreateTable(
                name: "ModelIdentities",
                columns: table => new
                {
                    Fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Model = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    SystemFingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    FirstSeen = table.Column<long>(type: "bigint", nullable: false),
                    LastSeen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ModelIdentities", x => new { x.Fingerprint, x.Model, x.SystemFingerprint });
                });

            migrationBuilder.CreateTable(
                name: "Parked",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    PointId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Reason = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Parked", x => new { x.RolloutId, x.PointId });
                });

            migrationBuilder.CreateTable(
                name: "Partitions",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Ordinal = table.Column<int>(type: "integer", nullable: false),
                    Start = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    End = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Cursor = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    Copied = table.Column<long>(type: "bigint", nullable: false),
                    Truncated = table.Column<long>(type: "bigint", nullable: false),
                    Done = table.Column<bool>(type: "boolean", nullable: false),
                    Tokens = table.Column<long>(type: "bigint", nullable: false),
                    Proof = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Owner = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Failure = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Partitions", x => new { x.RolloutId, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "QueryDays",
                columns: table => new
                {
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Seen = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QueryDays", x => new { x.Index, x.Day });
                });

            migrationBuilder.CreateTable(
                name: "QueryObservations",
                columns: table => new
                {
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Priority = table.Column<long>(type: "bigint", nullable: false),
                    Fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Session = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    BestScore = table.Column<double>(type: "double precision", nullable: true),
                    Language = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Text = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Vector = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QueryObservations", x => new { x.Index, x.Day, x.Key });
                });

            migrationBuilder.CreateTable(
                name: "Requests",
                columns: table => new
                {
                    Sequence = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    RolloutId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    By = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Arguments = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Requests", x => x.Sequence);
                });

            migrationBuilder.CreateTable(
                name: "RolloutLeases",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Owner = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Epoch = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RolloutLeases", x => x.RolloutId);
                });

            migrationBuilder.CreateTable(
                name: "Rollouts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Phase = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Finished = table.Column<bool>(type: "boolean", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Rollouts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Thresholds",
                columns: table => new
                {
                    Sequence = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Value = table.Column<double>(type: "double precision", nullable: false),
                    Method = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Provisional = table.Column<bool>(type: "boolean", nullable: false),
                    Alpha = table.Column<double>(type: "double precision", nullable: true),
                    Lower = table.Column<double>(type: "double precision", nullable: true),
                    Upper = table.Column<double>(type: "double precision", nullable: true),
                    Source = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Seed = table.Column<int>(type: "integer", nullable: true),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Thresholds", x => x.Sequence);
                });

            migrationBuilder.CreateTable(
                name: "WriteHolds",
                columns: table => new
                {
                    Index = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Nonce = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Until = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WriteHolds", x => x.Index);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Audit_Index",
                table: "Audit",
                column: "Index");

            migrationBuilder.CreateIndex(
                name: "IX_DirtyIds_Index_Sequence",
                table: "DirtyIds",
                columns: new[] { "Index", "Sequence" });

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
                name: "IX_Evaluations_Index_At",
                table: "Evaluations",
                columns: new[] { "Index", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_QueryObservations_Index_Day_Priority",
                table: "QueryObservations",
                columns: new[] { "Index", "Day", "Priority" });

            migrationBuilder.CreateIndex(
                name: "IX_Requests_RolloutId",
                table: "Requests",
                column: "RolloutId");

            migrationBuilder.CreateIndex(
                name: "IX_Rollouts_Index_Number",
                table: "Rollouts",
                columns: new[] { "Index", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Thresholds_Index_Fingerprint_Name_Sequence",
                table: "Thresholds",
                columns: new[] { "Index", "Fingerprint", "Name", "Sequence" });

            // The audit log is appended to and never changed.
            migrationBuilder.Sql("""
                CREATE FUNCTION driftguard_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
                CREATE TRIGGER "AuditIsAppendOnly" BEFORE UPDATE OR DELETE OR TRUNCATE ON "Audit"
                FOR EACH STATEMENT EXECUTE FUNCTION driftguard_audit_is_append_only();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Audit");

            migrationBuilder.DropTable(
                name: "Counters");

            migrationBuilder.DropTable(
                name: "DirtyIds");

            migrationBuilder.DropTable(
                name: "DriftBaselines");

            migrationBuilder.DropTable(
                name: "DriftReports");

            migrationBuilder.DropTable(
                name: "DriftUsage");

            migrationBuilder.DropTable(
                name: "DriftVerdicts");

            migrationBuilder.DropTable(
                name: "Evaluations");

            migrationBuilder.DropTable(
                name: "IdSets");

            migrationBuilder.DropTable(
                name: "Indexes");

            migrationBuilder.DropTable(
                name: "LeaseEpochs");

            migrationBuilder.DropTable(
                name: "ModelEnrolments");

            migrationBuilder.DropTable(
                name: "ModelIdentities");

            migrationBuilder.DropTable(
                name: "Parked");

            migrationBuilder.DropTable(
                name: "Partitions");

            migrationBuilder.DropTable(
                name: "QueryDays");

            migrationBuilder.DropTable(
                name: "QueryObservations");

            migrationBuilder.DropTable(
                name: "Requests");

            migrationBuilder.DropTable(
                name: "RolloutLeases");

            migrationBuilder.DropTable(
                name: "Rollouts");

            migrationBuilder.DropTable(
                name: "Thresholds");

            migrationBuilder.DropTable(
                name: "WriteHolds");

            migrationBuilder.DropSequence(
                name: "OutboxSequence");

            migrationBuilder.Sql("DROP FUNCTION driftguard_audit_is_append_only");
        }
    }
}
