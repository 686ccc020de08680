using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace DriftGuard.State.Migrations
{
    /// <inheritdoc />
    public partial class WritesAndLeases : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Arguments",
                table: "Requests",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Owner",
                table: "Partitions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Proof",
                table: "Partitions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Tokens",
                table: "Partitions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "DirtyIds",
                columns: table => new
                {
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    PointId = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DirtyIds", x => new { x.Index, x.PointId });
                });

            migrationBuilder.CreateTable(
                name: "IdSets",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "TEXT", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    Bytes = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IdSets", x => new { x.RolloutId, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "RolloutLeases",
                columns: table => new
                {
                    RolloutId = table.Column<string>(type: "TEXT", nullable: false),
                    Owner = table.Column<string>(type: "TEXT", nullable: false),
                    Epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RolloutLeases", x => x.RolloutId);
                });

            migrationBuilder.CreateTable(
                name: "WriteHolds",
                columns: table => new
                {
                    Index = table.Column<string>(type: "TEXT", nullable: false),
                    Nonce = table.Column<string>(type: "TEXT", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WriteHolds", x => x.Index);
                });

            migrationBuilder.CreateIndex(
                name: "IX_DirtyIds_Index_Sequence",
                table: "DirtyIds",
                columns: new[] { "Index", "Sequence" });

            // The audit log is appended to and never changed.
            migrationBuilder.Sql("""
                CREATE TRIGGER "AuditIsNotChanged" BEFORE UPDATE ON "Audit" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
                """);
            migrationBuilder.Sql("""
                CREATE TRIGGER "AuditIsNotDeleted" BEFORE DELETE ON "Audit" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER "AuditIsNotChanged";
                """);
            migrationBuilder.Sql("""
                DROP TRIGGER "AuditIsNotDeleted";
                """);

            migrationBuilder.DropTable(
                name: "DirtyIds");

            migrationBuilder.DropTable(
                name: "IdSets");

            migrationBuilder.DropTable(
                name: "RolloutLeases");

            migrationBuilder.DropTable(
                name: "WriteHolds");

            migrationBuilder.DropColumn(
                name: "Arguments",
                table: "Requests");

            migrationBuilder.DropColumn(
                name: "Owner",
                table: "Partitions");

            migrationBuilder.DropColumn(
                name: "Proof",
                table: "Partitions");

            migrationBuilder.DropColumn(
                name: "Tokens",
                table: "Partitions");
        }
    }
}
