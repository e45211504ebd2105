package dev.conch.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the two files of TLS as far as the server will need them, so that their faults are told with all others. */
final class TlsFiles {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final YamlSection section;

    TlsFiles(YamlSection section) {
        this.section = section;
    }

    void check(Path certificateFile, Path keyFile) {
        byte[] certificates = read("tls-certificate", certificateFile);
        byte[] keys = read("tls-key", keyFile);
        PublicKey publicKey = certificates == null ? null : publicKey(certificateFile, certificates);
        if (publicKey != null && keys != null) {
            checkKey(keyFile, keys, publicKey);
        }
    }

    private byte @Nullable [] read(String key, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            section.fault(key, file + ": cannot be read (expected: a PEM file)");
            return null;
        }
    }

    /** That of the first certificate, which is the server's own. */
    private @Nullable PublicKey publicKey(Path file, byte[] pem) {
        try {
            Collection<? extends Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (!chain.isEmpty()) {
                return chain.iterator().next().getPublicKey();
            }
        } catch (GeneralSecurityException e) {
            // falls through: a file that cannot be parsed holds no certificate
        }
        section.fault("tls-certificate", file + ": holds no certificate (expected: PEM, BEGIN CERTIFICATE)");
        return null;
    }

    private void checkKey(Path file, byte[] pem, PublicKey publicKey) {
        Matcher matcher = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        try {
            if (!matcher.find()) {
                throw new GeneralSecurityException("no key");
            }
            byte[] encoded = Base64.getMimeDecoder().decode(Objects.requireNonNull(matcher.group(1)));
            PrivateKey key =
                    KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (!belong(key, publicKey)) {
                section.fault("tls-key", file + ": does not belong to the certificate");
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            section.fault(
                    "tls-key",
                    file
                            + ": holds no private key for the certificate (expected: PEM, BEGIN PRIVATE KEY, not encrypted)");
        }
    }

    private static boolean belong(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm(key));
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        return signature.verify(signed);
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }
}
