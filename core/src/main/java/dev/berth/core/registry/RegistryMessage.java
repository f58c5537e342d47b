package dev.berth.core.registry;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import java.util.List;

// All of these are bodies of calls to and from a registry slot: whether the sender is listed, and whether the
// slot's epoch is the caller's, has been decided before they are read. Every request may be sent again: twice is
// one effect.

/** What fronts and owners of the registry say to each other. Any thread. */
public sealed interface RegistryMessage {
    /** From a front to the owner of the key's slot. */
    sealed interface Request extends RegistryMessage {}

    /** The owner's answer. */
    sealed interface Reply extends RegistryMessage {}

    /** From an owner to a front that looked the key up, without being asked. */
    sealed interface Notice extends RegistryMessage {}

    /** Most entries of one {@link Report}. */
    int REPORT_MAX = 1_024;

    /** About the most bytes of one {@link Report}; the last entry may exceed it. */
    int REPORT_BYTES = 256 * 1_024;

    /** Takes the key if nobody has it (S1.13). */
    @Code(64)
    record Register(@Field(1) RegistryEntry entry) implements Request {}

    /** States a new share for the sender's own registration. */
    @Code(65)
    record Update(
            @Field(1) RegistryKey key,
            @Field(2) long stamp,
            @Field(value = 3, max = RegistryEntry.SHARE_MAX) Bytes share)
            implements Request {}

    /** Removes the sender's own registration with this stamp or an earlier one, and nobody else's (S1.26). */
    @Code(66)
    record Deregister(@Field(1) RegistryKey key, @Field(2) long stamp) implements Request {}

    /** Asks for an entry and wants to be told when it changes. */
    @Code(67)
    record Lookup(@Field(1) RegistryKey key) implements Request {}

    /** The sender no longer wants to be told; not answered. */
    @Code(68)
    record Forget(@Field(1) RegistryKey key) implements Request {}

    /** What the sender holds in the slot, a piece of it; {@code end} with the last piece (rule 24). */
    @Code(69)
    record Report(
            @Field(value = 1, max = REPORT_MAX) List<RegistryEntry> entries,
            @Field(2) boolean end) implements Request {
        public Report {
            entries = List.copyOf(entries);
        }
    }

    /** The key is the sender's. */
    @Code(72)
    record Registered() implements Reply {}

    /** Somebody else has the key, and keeps it (D8). */
    @Code(73)
    record Taken(@Field(1) RegistryEntry by) implements Reply {}

    @Code(74)
    record Updated() implements Reply {}

    /** The sender has no such registration here: it is void, and may be registered again. */
    @Code(75)
    record NotYours() implements Reply {}

    /** The sender's registration is gone, or never was. */
    @Code(76)
    record Deregistered() implements Reply {}

    /** @param monitored false where the owner will not tell of changes, so that the answer must not be kept */
    @Code(77)
    record Found(@Field(1) RegistryEntry entry, @Field(2) boolean monitored) implements Reply {}

    /** Nobody has the key; only said by an owner that has heard from everybody. */
    @Code(78)
    record Absent() implements Reply {}

    /** The owner has not heard from everybody yet: ask again later. */
    @Code(79)
    record Rebuilding() implements Reply {}

    /** The slot has {@code slotMax} entries. */
    @Code(80)
    record Full(@Field(1) int slotMax) implements Reply {}

    /** @param rejected those of the piece's keys that the owner does not confirm: they are void */
    @Code(81)
    record Reported(@Field(value = 1, max = REPORT_MAX) List<RegistryKey> rejected) implements Reply {
        public Reported {
            rejected = List.copyOf(rejected);
        }
    }

    /** The entry has changed, or has another holder. */
    @Code(88)
    record Changed(@Field(1) RegistryEntry entry) implements Notice {}

    /** The entry was removed by its holder. */
    @Code(89)
    record Gone(@Field(1) RegistryKey key, @Field(2) long version) implements Notice {}
}
