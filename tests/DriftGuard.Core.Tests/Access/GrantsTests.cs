using DriftGuard.Core.Access;

namespace DriftGuard.Core.Tests.Access;

public sealed class GrantsTests
{
    public static TheoryData<ManagementRole, Right, bool> OfRoles => new()
    {
        { ManagementRole.None, Right.View, false },
        { ManagementRole.Viewer, Right.View, true },
        { ManagementRole.Viewer, Right.Operate, false },
        { ManagementRole.Operator, Right.View, true },
        { ManagementRole.Operator, Right.Operate, true },
        { ManagementRole.Operator, Right.Administer, false },
        { ManagementRole.Operator, Right.ReadIndex, false },
        { ManagementRole.Operator, Right.WriteIndex, false },
        { ManagementRole.Admin, Right.Administer, true },
        { ManagementRole.Admin, Right.ReadIndex, true },
        { ManagementRole.Admin, Right.WriteIndex, true },
    };

    [Theory]
    [MemberData(nameof(OfRoles))]
    public void A_role_may_what_those_before_it_may_and_only_an_admin_the_data(ManagementRole role, Right right, bool allowed) =>
        new Grants(role, [], []).Allow(right, "docs").ShouldBe(allowed);

    [Theory]
    [InlineData("docs", "", Right.ReadIndex, "docs", true)]
    [InlineData("docs", "", Right.WriteIndex, "docs", false)]
    [InlineData("docs", "", Right.ReadIndex, "Docs", false)]
    [InlineData("docs", "", Right.ReadIndex, "docs-2", false)]
    [InlineData("docs", "", Right.ReadIndex, "*", false)]
    [InlineData("*", "", Right.ReadIndex, "anything", true)]
    [InlineData("", "docs", Right.ReadIndex, "docs", true)]
    [InlineData("", "docs", Right.WriteIndex, "docs", true)]
    [InlineData("", "*", Right.WriteIndex, "anything", true)]
    [InlineData("", "", Right.ReadIndex, null, false)]
    [InlineData("docs", "", Right.ReadIndex, null, true)]
    [InlineData("docs", "", Right.WriteIndex, null, false)]
    [InlineData("*", "*", Right.View, "docs", false)]
    public void Data_is_for_whom_its_index_is_named(string read, string write, Right right, string? index, bool allowed) =>
        new Grants(ManagementRole.None, Names(read), Names(write)).Allow(right, index).ShouldBe(allowed);

    [Fact]
    public void Grants_say_themselves()
    {
        new Grants(ManagementRole.Operator, ["docs", "faq"], []).ToString().ShouldBe("operator, reads docs faq, writes nothing");
        Grants.Everything.ToString().ShouldBe("admin, reads every index, writes every index");
        new Grants(ManagementRole.Admin, [], []).ToString().ShouldBe("admin, reads every index, writes every index");
        Grants.Nothing.ToString().ShouldBe("none, reads nothing, writes nothing");
    }

    private static string[] Names(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
