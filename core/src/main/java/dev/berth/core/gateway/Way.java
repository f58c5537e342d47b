package dev.berth.core.gateway;

/** How a client connects: a server has an address for each way that it offers. */
public enum Way {
    TCP,
    WEB
}
