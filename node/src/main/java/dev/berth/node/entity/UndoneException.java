package dev.berth.node.entity;

/** A turn saw what turned out not to be so. */
final class UndoneException extends RuntimeException {
    private static final long serialVersionUID = 1;
}
