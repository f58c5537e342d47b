package dev.berth.node.process;

import dev.berth.core.record.Signature;
import dev.berth.core.wire.WireException;
import dev.berth.node.process.ContractWay.Invocation;
import org.jspecify.annotations.Nullable;

/** The behavior of a process that fulfils a contract: its messages are calls, and what it tells itself is tasks. */
record ContractCode(Contract contract, Object code, Parcels parcels) implements Behavior<Object> {
    ContractCode {
        if (!contract.type().isInstance(code)) {
            throw new IllegalArgumentException(code + " does not implement " + contract.name());
        }
    }

    @Override
    public @Nullable Object on(Self<Object> self, Object message) throws Exception {
        return switch (message) {
            case Invocation(Contract.Call call, Object[] arguments) ->
                call.method().getDeclaringClass().isInstance(code)
                        ? run(call, arguments)
                        : refuse(
                                "UnknownMethod",
                                has(call.method().getDeclaringClass().getSimpleName(), call.name()));
            case Called called -> run(called);
            // A record could be what another node has sent.
            case Runnable task
            when !(reads() instanceof RemoteLetter) -> {
                task.run();
                yield null;
            }
            default ->
                refuse("UnreadableMessage", "it is a " + contract.name() + ", which takes calls and no messages");
        };
    }

    private @Nullable Object run(Called called) throws Exception {
        Contract.Call call = contract.calls().get(called.method());
        if (call == null || !call.method().getDeclaringClass().getSimpleName().equals(called.contract())) {
            return refuse("UnknownMethod", has(called.contract(), called.method()));
        }
        @Nullable Object[] arguments;
        try {
            Signature signature = parcels.signature(call.method());
            arguments = parcels.readArguments(signature, called.arguments());
            if (reads() instanceof RemoteLetter letter) {
                letter.answersAs(signature);
            }
        } catch (WireException | IllegalArgumentException unreadable) {
            return refuse("UnreadableMessage", String.valueOf(unreadable.getMessage()));
        }
        return run(call, arguments);
    }

    private @Nullable Object run(Contract.Call call, @Nullable Object[] arguments) throws Exception {
        try {
            return call.invoke(code, arguments);
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable other) {
            throw new IllegalStateException(other);
        }
    }

    /** No fault of the process: it does not count as something that it has thrown. */
    private static @Nullable Object refuse(String kind, String why) {
        Letter letter = reads();
        if (letter != null) {
            letter.failed(kind, why);
        }
        return null;
    }

    private static @Nullable Letter reads() {
        Runner runner = Runner.current();
        return runner == null ? null : runner.reads;
    }

    private String has(String other, String method) {
        return "this build's " + contract.name() + " has no method " + other + "." + method + "; it has "
                + contract.calls().keySet();
    }
}
