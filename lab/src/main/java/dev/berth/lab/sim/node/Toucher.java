package dev.berth.lab.sim.node;

import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.cluster.View;
import dev.berth.lab.sim.coordinator.Client;
import dev.berth.lab.sim.coordinator.RequestKind;
import java.util.function.Consumer;

// Two steps, as the real shell does it: read the view node; if it says what the member believes, write the touch node
// in a transaction that checks the view's version. Between the steps anything may happen.

/** A member's renewal at the coordinator (rule 25). One thread: its process. */
final class Toucher {
    /** The view node as it was read. */
    private record Seen(int version, View view) {}

    private final Client client;
    private final Consumer<MemberEvent> answer;
    private final SharedViews views;

    Toucher(Client client, SharedViews views, Consumer<MemberEvent> answer) {
        this.client = client;
        this.views = views;
        this.answer = answer;
    }

    void touch(MemberAction.Touch touch) {
        client.submit(
                RequestKind.READ_FOR_TOUCH,
                nodes -> new Seen(nodes.viewVersion(), views.stored(nodes.view())),
                seen -> compare(touch, seen),
                () -> answer.accept(new MemberEvent.TouchFailed(touch.request())));
    }

    private void compare(MemberAction.Touch touch, Seen seen) {
        View view = seen.view();
        if (!touch.agreesWith(view)) {
            answer.accept(new MemberEvent.Touched(touch.request(), view));
            return;
        }
        client.submit(
                RequestKind.TOUCH,
                nodes -> nodes.touch(touch.self(), seen.version()),
                done -> answer.accept(
                        done
                                ? new MemberEvent.Touched(touch.request(), null)
                                : new MemberEvent.TouchFailed(touch.request())),
                () -> answer.accept(new MemberEvent.TouchFailed(touch.request())));
    }
}
