namespace DriftGuard.Core.Drift.Queries;

/// <summary>Tests of a day in both parts, not yet corrected for there being two.</summary>
internal interface IQueryTests
{
    QueryDriftPart Coverage(DayOfQueries day);

    QueryDriftPart Discrepancy(DayOfQueries day);
}
