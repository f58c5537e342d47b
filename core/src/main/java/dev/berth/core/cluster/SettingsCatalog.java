package dev.berth.core.cluster;

/** The typed keys of the cluster's configuration. Immutable; any thread. */
public final class SettingsCatalog {
    /** The keys that Berth itself reads. */
    public static final SettingsCatalog BUILT_IN = new SettingsCatalog();

    private SettingsCatalog() {}
}
