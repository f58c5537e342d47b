package dev.berth.node.entity;

/** A turn saw what turned out not to be so, and is run again; code that catches it hands it on. */
public final class UndoneException extends RuntimeException {
    private static final long serialVersionUID = 1;
}
