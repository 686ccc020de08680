// Two types are called PointId: ours, which orders and compares, and the wire's. Here PointId is always ours.
global using PointId = DriftGuard.Core.Points.PointId;
