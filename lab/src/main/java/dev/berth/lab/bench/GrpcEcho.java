package dev.berth.lab.bench;

import dev.berth.lab.bench.Samples.Figures;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

// As its documentation advises for throughput: one channel kept, non-blocking stubs, and, since nothing here blocks,
// handlers and ends on the event loops themselves. Bytes travel without protocol buffers, which saves it work.

/** Unary gRPC calls of 64 bytes over one channel. */
final class GrpcEcho implements Echo {
    private static final MethodDescriptor<byte[], byte[]> ECHO = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("bench/echo")
            .setRequestMarshaller(new Plain())
            .setResponseMarshaller(new Plain())
            .build();

    private @Nullable Server server;

    private static final class Plain implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    @Override
    public int serve() throws IOException {
        Server started = NettyServerBuilder.forAddress(ANY)
                .directExecutor()
                .addService(ServerServiceDefinition.builder("bench")
                        .addMethod(ECHO, ServerCalls.asyncUnaryCall((byte[] request, StreamObserver<byte[]> answer) -> {
                            answer.onNext(request);
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        server = started;
        return started.getPort();
    }

    @Override
    public Figures measure(int port, int window) throws IOException {
        ManagedChannel channel = NettyChannelBuilder.forAddress(Echo.at(port))
                .directExecutor()
                .usePlaintext()
                .build();
        try {
            Samples samples = new Samples();
            for (int i = 0; i < window; i++) {
                next(channel, samples);
            }
            return samples.await();
        } finally {
            end(channel);
        }
    }

    /** What is under way comes to its end first. */
    private static void end(ManagedChannel channel) throws IOException {
        try {
            if (!channel.shutdown().awaitTermination(10, TimeUnit.SECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException hurry) {
            throw new IOException("interrupted while calls came to their end", hurry);
        }
    }

    private static void next(ManagedChannel channel, Samples samples) {
        long sent = System.nanoTime();
        ClientCalls.asyncUnaryCall(
                channel.newCall(ECHO, CallOptions.DEFAULT), new byte[SIZE], new StreamObserver<byte[]>() {
                    @Override
                    public void onNext(byte[] value) {}

                    @Override
                    public void onError(Throwable thrown) {
                        samples.fail(thrown);
                    }

                    @Override
                    public void onCompleted() {
                        if (samples.add(sent, System.nanoTime())) {
                            next(channel, samples);
                        }
                    }
                });
    }

    @Override
    public void close() {
        if (server != null) {
            server.shutdownNow();
        }
    }
}
