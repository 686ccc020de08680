using System.Runtime.InteropServices;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>A place in a payload: an object with numbers <c>lon</c> and <c>lat</c>, in degrees.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(double Longitude, double Latitude)
{
    public static Place? Of(Value value) =>
        value.KindCase == Value.KindOneofCase.StructValue
        && ValueKinds.AsNumber(value.StructValue.Fields.GetValueOrDefault("lon")) is { } longitude
        && ValueKinds.AsNumber(value.StructValue.Fields.GetValueOrDefault("lat")) is { } latitude
            ? new Place(longitude, latitude)
            : null;
}

/// <summary>Strictly inside a box, which may cross the antimeridian.</summary>
internal sealed class InGeoBox(GeoBoundingBox box) : IValueCheck
{
    private readonly GeoPoint _topLeft = box.TopLeft ?? throw Refusal.Invalid("Malformed GeoBoundingBox type");
    private readonly GeoPoint _bottomRight = box.BottomRight ?? throw Refusal.Invalid("Malformed GeoBoundingBox type");

    public bool Passes(Value value)
    {
        if (Place.Of(value) is not { } place) return false;
        var between = _topLeft.Lon > _bottomRight.Lon
            ? place.Longitude > _topLeft.Lon || place.Longitude < _bottomRight.Lon
            : _topLeft.Lon < place.Longitude && place.Longitude < _bottomRight.Lon;
        return between && _bottomRight.Lat < place.Latitude && place.Latitude < _topLeft.Lat;
    }
}

/// <summary>Nearer to the centre than the radius (metres), by the haversine formula on a sphere of the mean Earth radius.</summary>
internal sealed class InGeoRadius(GeoRadius circle) : IValueCheck
{
    private const double EarthRadius = 6_371_008.8; // IUGG mean radius R1, metres
    private readonly GeoPoint _center = circle.Center ?? throw Refusal.Invalid("Malformed GeoRadius type");

    public bool Passes(Value value)
    {
        if (Place.Of(value) is not { } place) return false;
        var north = double.DegreesToRadians(place.Latitude - _center.Lat);
        var east = double.DegreesToRadians(place.Longitude - _center.Lon);
        var a = Square(Math.Sin(north / 2)) + (Math.Cos(double.DegreesToRadians(_center.Lat))
            * Math.Cos(double.DegreesToRadians(place.Latitude)) * Square(Math.Sin(east / 2)));
        return 2 * EarthRadius * Math.Asin(Math.Sqrt(a)) < circle.Radius;
    }

    private static double Square(double x) => x * x;
}

/// <summary>Inside the outer ring and outside every inner one, by crossing number.</summary>
internal sealed class InGeoPolygon : IValueCheck
{
    private readonly Place[] _exterior;
    private readonly Place[][] _interiors;

    public InGeoPolygon(GeoPolygon polygon)
    {
        _exterior = Ring(polygon.Exterior ?? throw Refusal.Invalid("Malformed GeoPolygon type - field `exterior` is required"), "exterior");
        _interiors = [.. polygon.Interiors.Select(ring => Ring(ring, "interiors"))];
    }

    public bool Passes(Value value) =>
        Place.Of(value) is { } place && Holds(_exterior, place) && !Array.Exists(_interiors, ring => Holds(ring, place));

    private static bool Holds(Place[] ring, Place place)
    {
        var inside = false;
        for (var i = 1; i < ring.Length; i++)
        {
            var (a, b) = (ring[i - 1], ring[i]);
            if (a.Latitude > place.Latitude != b.Latitude > place.Latitude
                && place.Longitude < ((b.Longitude - a.Longitude) * (place.Latitude - a.Latitude) / (b.Latitude - a.Latitude)) + a.Longitude)
                inside = !inside;
        }

        return inside;
    }

    private static Place[] Ring(GeoLineString line, string name)
    {
        if (line.Points.Count < 4)
            throw Refusal.Validation(name, $"value invalid, the size must be at least 4, got {line.Points.Count}");
        if (!line.Points[0].Equals(line.Points[^1]))
            throw Refusal.Validation(name, "value invalid, the first and the last points should be same to form a closed line");
        return [.. line.Points.Select(point => new Place(point.Lon, point.Lat))];
    }
}
