package dev.berth.lab.bench;

import java.io.IOException;

/** The process in which others of the field answer {@link CallsBench}. */
final class CallsPeers {
    private CallsPeers() {}

    public static void main(String[] args) throws IOException {
        try (Echo grpc = new GrpcEcho();
                Echo pekko = new PekkoEcho()) {
            OtherProcess.ready(grpc.serve(), pekko.serve());
        }
    }
}
