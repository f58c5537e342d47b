package dev.berth.node.entity;

import dev.berth.core.call.CallException;
import dev.berth.core.call.OperationId;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Buckets;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.entity.EntityCall;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.plane.Work;
import dev.berth.node.process.CallCycleException;
import dev.berth.node.process.Contract;
import dev.berth.node.tool.Json;
import dev.berth.node.worker.Acting;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// Every call that waits for its answer is an operation with an id, so core's call table repeats it when its owner dies
// under it, and the entity's log sees to it that it happens once. A call that an entity makes has an id that follows
// from the one it is serving: if that is served again, by the next owner, the same call is made again and not another.

/** Makes the ways to entities, for one node. Any thread. */
final class EntityAgents {
    private static final long PLAN_MILLIS = 20;

    private final Entities entities;
    private final Ground ground;

    EntityAgents(Entities entities, Ground ground) {
        this.entities = entities;
        this.ground = ground;
    }

    String wireName(Class<?> type) {
        return entities.wireName(type);
    }

    /** As {@link EntityHost#toString} says it. */
    String entity(Class<?> contract, Object key) {
        return entities.type(contract).name() + " " + key;
    }

    View view() {
        return ground.view();
    }

    <K, E> E agent(Class<E> contract, K key) {
        EntityType type = entities.type(contract);
        return Contract.proxy(contract, new Way(type, key, bytes(type, key)));
    }

    private static Bytes bytes(EntityType type, Object key) {
        Bytes bytes = type.keys().write(key);
        if (bytes.length() > Keys.BYTES_MAX) {
            throw new IllegalArgumentException("a key has at most " + Keys.BYTES_MAX + " bytes, this one of "
                    + type.name() + " " + bytes.length());
        }
        return bytes;
    }

    private Way way(EntityType type, String word) {
        try {
            Object key = type.keys().parse(word);
            return new Way(type, key, bytes(type, key));
        } catch (IllegalArgumentException other) {
            throw new IllegalArgumentException(
                    "a key of " + type.name() + " is a " + type.keys().word() + ", got " + word, other);
        }
    }

    /** What every entity answers, whatever its contract. */
    Bytes ask(EntityType type, String word, Copies.Question question, Bytes with) {
        return way(type, word).ask(question, with);
    }

    /** For people: calls the method with these words; JSON. */
    String call(EntityType type, String word, String method, List<String> words) {
        Way way = way(type, word);
        EntityType.Call call = type.call(method);
        if (call == null) {
            throw new IllegalArgumentException(type.name() + " has no method " + method + "; it has "
                    + type.calls().keySet());
        }
        return Json.line(Plain.of(way.invoke(call, Plain.arguments(call.of().method(), words))));
    }

    /** Messages of that entity to another one, exactly once. */
    <K, E> E delivery(Class<E> contract, K key, EntityHost from) {
        EntityType type = entities.type(contract);
        Bytes bytes = bytes(type, key);
        return Contract.proxy(contract, (call, arguments) -> {
            if (call.method().getReturnType() != void.class) {
                throw new IllegalStateException(type.name() + "." + call.name()
                        + " answers something, for which nobody waits: only methods that answer nothing can be"
                        + " delivered");
            }
            Bytes written = call(type, call).signature().writeArguments(arguments);
            from.turn("Context.deliver").deliver(new EntityCall(type.name(), bytes, call.name(), written, false));
            return null;
        });
    }

    private static EntityType.Call call(EntityType type, Contract.Call of) {
        EntityType.Call call = type.call(of.name());
        if (call == null) {
            throw new IllegalStateException(type.name() + " has lost its method " + of.name());
        }
        return call;
    }

    /** Nobody waits on this thread. */
    void submit(EntityCall call, EntityHost from, OperationId operation, CallEnd end) {
        ground.submit(new Request(
                from.chainLink(),
                new SlotId(entities.service(), bucket(call.key())),
                0,
                from.slot().grant(),
                ground.nanos() + Entities.PATIENCE.toNanos(),
                false,
                List.of(),
                Bytes.EMPTY,
                operation,
                call.encoded(),
                end));
    }

    /** The same on behalf of nobody, who must not wait; the end comes on the node's loop. */
    void submit(
            Class<?> contract,
            Object key,
            String method,
            @Nullable Object[] arguments,
            long caller,
            Consumer<? super Outcome<Bytes>> end) {
        call(contract, key, method, arguments, caller, outcome -> end.accept(bytes(method, outcome)));
    }

    /** The same, whatever it answers; nothing is no bytes. */
    void call(
            Class<?> contract,
            Object key,
            String method,
            @Nullable Object[] arguments,
            long caller,
            Consumer<? super Outcome<Object>> end) {
        EntityType type = entities.type(contract);
        EntityType.Call called = Objects.requireNonNull(type.call(method), method);
        Bytes bytes = bytes(type, key);
        Bytes written = called.signature().writeArguments(arguments);
        ground.submit(new Request(
                caller,
                new SlotId(entities.service(), bucket(bytes)),
                0,
                null,
                ground.nanos() + Entities.PATIENCE.toNanos(),
                false,
                List.of(),
                Bytes.EMPTY,
                ground.nextOperation(),
                new EntityCall(type.name(), bytes, method, written, false).encoded(),
                (CallEnd) (outcome, _) -> end.accept(answer(called, outcome))));
    }

    /** The same of what every entity answers, by its name as {@link EntityHost#toString} says it. */
    void submit(
            String entity, Copies.Question question, Bytes with, long caller, Consumer<? super Outcome<Bytes>> end) {
        Way way = way(entity);
        boolean answers = question != Copies.Question.UNHEARD;
        ground.submit(new Request(
                caller,
                new SlotId(entities.service(), bucket(way.bytes)),
                0,
                null,
                ground.nanos() + Entities.PATIENCE.toNanos(),
                !answers,
                List.of(),
                Bytes.EMPTY,
                answers ? ground.nextOperation() : null,
                new EntityCall(way.type.name(), way.bytes, question.method(), with, false).encoded(),
                (CallEnd) (outcome, _) -> end.accept(outcome)));
    }

    SlotId slot(String entity) {
        return new SlotId(entities.service(), bucket(way(entity).bytes));
    }

    private Way way(String entity) {
        int space = entity.indexOf(' ');
        EntityType type = entities.type(entity.substring(0, Math.max(0, space)));
        if (type == null) {
            throw new IllegalArgumentException("no entity '" + entity + "'; there are " + entities.names());
        }
        return way(type, entity.substring(space + 1));
    }

    private static Outcome<Object> answer(EntityType.Call called, Outcome<Bytes> outcome) {
        return switch (outcome) {
            case Outcome.Done<Bytes>(Bytes body) -> {
                try {
                    yield new Outcome.Done<>(
                            Objects.requireNonNullElse(called.signature().readAnswer(body), Bytes.EMPTY));
                } catch (WireException unreadable) {
                    yield new Outcome.Failed<>("UnreadableAnswer", String.valueOf(unreadable.getMessage()));
                }
            }
            case Outcome.Failed<Bytes>(String kind, String text) -> new Outcome.Failed<>(kind, text);
            case Outcome.Refused<Bytes>(RefusedReason reason, long retryNanos) ->
                new Outcome.Refused<>(reason, retryNanos);
            case Outcome.Unknown<Bytes>(var cause) -> new Outcome.Unknown<>(cause);
        };
    }

    private static Outcome<Bytes> bytes(String method, Outcome<Object> outcome) {
        return switch (outcome) {
            case Outcome.Done<Object>(Bytes answer) -> new Outcome.Done<>(answer);
            case Outcome.Done<Object> _ -> new Outcome.Failed<>("UnreadableAnswer", method + " answers no bytes");
            case Outcome.Failed<Object>(String kind, String text) -> new Outcome.Failed<>(kind, text);
            case Outcome.Refused<Object>(RefusedReason reason, long retryNanos) ->
                new Outcome.Refused<>(reason, retryNanos);
            case Outcome.Unknown<Object>(var cause) -> new Outcome.Unknown<>(cause);
        };
    }

    /** The slot of an entity, as the newest view divides them. */
    SlotId slot(Class<?> contract, Object key) {
        return new SlotId(entities.service(), bucket(bytes(entities.type(contract), key)));
    }

    private int bucket(Bytes key) {
        Service service = ground.view().service(entities.service());
        return service == null
                ? 1
                : Buckets.bucket(Buckets.hash(key.toArray()), service.plan().units());
    }

    /** The way to one entity. */
    private final class Way implements Contract.Way {
        private final EntityType type;
        private final Object key;
        private final Bytes bytes;

        Way(EntityType type, Object key, Bytes bytes) {
            this.type = type;
            this.key = key;
            this.bytes = bytes;
        }

        @Override
        public @Nullable Object call(Contract.Call call, @Nullable Object[] arguments) {
            return invoke(EntityAgents.call(type, call), arguments);
        }

        private @Nullable Object invoke(EntityType.Call call, @Nullable Object[] arguments) {
            Bytes written = call.signature().writeArguments(arguments);
            Turn turn = Turn.current();
            Bytes body = body(call.name(), written, turn != null && turn.isAgain());
            awaitPlan();
            if (call.of().oneWay()) {
                Request request = request(body, turn, null, CallEnd.NOBODY);
                if (turn == null) {
                    ground.submit(request);
                } else {
                    turn.later(() -> ground.submit(request));
                }
                return null;
            }
            OperationId given = turn == null ? null : turn.nextCall();
            OperationId operation = given == null ? ground.nextOperation() : given;
            if (turn == null) {
                return answer(call, ground.call(end -> request(body, null, operation, end)));
            }
            turn.host().waitsFor(Buckets.hash(type.storeKey(bytes).toArray()));
            try {
                return answer(call, ground.call(end -> request(body, turn, operation, end)));
            } finally {
                turn.host().waitsFor(0);
            }
        }

        /** What does not fit a frame would end the connection's loop, and with it the node. */
        private Bytes body(String method, Bytes arguments, boolean again) {
            Bytes body = new EntityCall(type.name(), bytes, method, arguments, again).encoded();
            if (body.length() > PeerMessage.BODY_MAX) {
                throw new IllegalArgumentException("a call of " + this + "." + method + " has " + body.length()
                        + " bytes, at most " + PeerMessage.BODY_MAX + ": send larger things in pieces");
            }
            return body;
        }

        /** A node that is just listed may not know the service yet, and then not its bucket either. */
        private void awaitPlan() {
            long end = ground.nanos() + Entities.PATIENCE.toNanos();
            try {
                while (ground.view().service(entities.service()) == null && ground.nanos() - end < 0) {
                    ground.pause(PLAN_MILLIS);
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            if (ground.view().service(entities.service()) == null) {
                throw CallException.of(
                        "call of " + this,
                        new Outcome.Refused<>(RefusedReason.NO_OWNER, 0),
                        new IllegalStateException("view " + ground.view().number() + " plans no service "
                                + entities.service() + "; berth status shows what is planned"));
            }
        }

        Bytes ask(Copies.Question question, Bytes with) {
            awaitPlan();
            Bytes body = body(question.method(), with, false);
            Ground.Ended ended = ground.call(end -> request(body, null, ground.nextOperation(), end));
            if (ended.outcome() instanceof Outcome.Done<Bytes>(Bytes answer)) {
                return answer;
            }
            throw CallException.noted(question + " of " + this, ended.outcome(), ended.id());
        }

        private Request request(Bytes body, @Nullable Turn turn, @Nullable OperationId operation, CallEnd end) {
            long deadline = ground.nanos() + Entities.PATIENCE.toNanos();
            Grant from = null;
            if (Acting.CURRENT.isBound()) {
                from = Acting.CURRENT.get().grant();
                Work atHand = Acting.CURRENT.get().atHand();
                if (atHand != null && operation != null) {
                    deadline = Math.min(deadline, atHand.dispatch().deadlineNanos());
                    atHand.taken();
                }
            }
            SlotId slot = new SlotId(entities.service(), bucket(bytes));
            long caller = turn == null ? ground.caller() : turn.host().chainLink();
            List<Long> chain = turn == null || operation == null ? List.of() : turn.chain();
            return new Request(
                    caller, slot, 0, from, deadline, operation == null, chain, Bytes.EMPTY, operation, body, end);
        }

        private @Nullable Object answer(EntityType.Call call, Ground.Ended ended) {
            String what = "call of " + this + "." + call.name();
            return switch (ended.outcome()) {
                case Outcome.Done<Bytes>(Bytes body) -> {
                    try {
                        yield call.signature().readAnswer(body);
                    } catch (WireException e) {
                        throw CallException.of(
                                what, new Outcome.Failed<>("UnreadableAnswer", String.valueOf(e.getMessage())), e);
                    }
                }
                case Outcome.Failed<Bytes>(String kind, String message)
                when kind.equals(Denied.class.getSimpleName()) -> throw new Denied(message);
                case Outcome.Failed<Bytes>(String kind, String message)
                when kind.equals(CallCycleException.KIND) -> throw new CallCycleException(message);
                case Outcome.Failed<Bytes> _, Outcome.Refused<Bytes> _, Outcome.Unknown<Bytes> _ ->
                    throw CallException.noted(what, ended.outcome(), ended.id());
            };
        }

        @Override
        public String toString() {
            return type.name() + " " + key;
        }
    }
}
