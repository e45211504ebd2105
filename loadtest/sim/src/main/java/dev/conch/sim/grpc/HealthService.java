package dev.conch.sim.grpc;

import dev.conch.proto.health.HealthCheckRequest;
import dev.conch.proto.health.HealthCheckResponse;
import dev.conch.proto.health.HealthCheckResponse.ServingStatus;
import dev.conch.proto.health.HealthGrpc.HealthImplBase;
import io.grpc.stub.StreamObserver;

/** gRPC health as Triton has it: any service name gets the readiness of the server, and Watch is unimplemented. */
public final class HealthService extends HealthImplBase {
    private final Readiness readiness;

    public HealthService(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        ServingStatus status = readiness.isReady() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        observer.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
        observer.onCompleted();
    }
}
