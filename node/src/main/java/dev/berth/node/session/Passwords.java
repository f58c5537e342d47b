package dev.berth.node.session;

import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

// The rounds are written with the hash, so that they can be raised: an old hash is checked with its own.

/** Passwords and their slow, salted hashes, {@code pbkdf2-sha256$ROUNDS$SALT$HASH}. Any thread, for a good while. */
public final class Passwords {
    private static final String SCHEME = "pbkdf2-sha256";
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final long ROUNDS_MAX = 10_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() {}

    private record Parts(int rounds, Bytes salt, Bytes hash) {}

    /** @param rounds as the setting {@code accounts.hash-rounds} has them */
    public static String hash(Bytes password, long rounds) {
        if (password.length() == 0 || password.length() > SessionLimits.SECRET_MAX) {
            // No client could say a longer one.
            throw new IllegalArgumentException(
                    "a password has 1 to " + SessionLimits.SECRET_MAX + " bytes, this one " + password.length());
        }
        byte[] salt = random(SALT_BYTES);
        int count = (int) Math.clamp(rounds, 1, ROUNDS_MAX);
        return text(count, salt, derive(password, salt, count));
    }

    /** One that no password has. */
    static String ofNobody(long rounds) {
        return text((int) Math.clamp(rounds, 1, ROUNDS_MAX), random(SALT_BYTES), random(HASH_BYTES));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static String text(int rounds, byte[] salt, byte[] hash) {
        Base64.Encoder text = Base64.getEncoder().withoutPadding();
        return SCHEME + "$" + rounds + "$" + text.encodeToString(salt) + "$" + text.encodeToString(hash);
    }

    /** Takes as long whatever differs. */
    static boolean matches(Bytes password, String hash) {
        Parts parts = parts(hash);
        return MessageDigest.isEqual(
                derive(password, parts.salt().toArray(), parts.rounds()),
                parts.hash().toArray());
    }

    static int rounds(String hash) {
        return parts(hash).rounds();
    }

    /** The same; an IllegalArgumentException if it is none. */
    static String checked(String hash) {
        parts(hash);
        return hash;
    }

    private static Parts parts(String hash) {
        String[] parts = hash.split("\\$", -1);
        try {
            if (parts.length == 4 && parts[0].equals(SCHEME)) {
                Base64.Decoder text = Base64.getDecoder();
                Parts all = new Parts(
                        Integer.parseInt(parts[1]),
                        Bytes.wrap(text.decode(parts[2])),
                        Bytes.wrap(text.decode(parts[3])));
                if (all.rounds >= 1
                        && all.rounds <= ROUNDS_MAX
                        && all.salt.length() > 0
                        && all.hash.length() == HASH_BYTES) {
                    return all;
                }
            }
        } catch (IllegalArgumentException noNumber) {
            throw new IllegalArgumentException("this is no hash of a password: " + parts[0], noNumber);
        }
        throw new IllegalArgumentException("this is no hash of a password: it begins with " + SCHEME + "$ROUNDS$");
    }

    private static byte[] derive(Bytes password, byte[] salt, int rounds) {
        char[] chars = chars(password.toArray());
        PBEKeySpec spec = new PBEKeySpec(chars, salt, rounds, HASH_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            spec.clearPassword();
        }
    }

    /** So that what comes out is PBKDF2 of these bytes, as elsewhere, if they are text. */
    private static char[] chars(byte[] password) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
            char[] chars = new char[text.remaining()];
            text.get(chars);
            return chars;
        } catch (CharacterCodingException noText) {
            return new String(password, StandardCharsets.ISO_8859_1).toCharArray();
        }
    }
}
