global using PointId = DriftGuard.Core.Points.PointId;
global using WirePointId = Qdrant.Client.Grpc.PointId;
