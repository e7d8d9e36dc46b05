import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import type { CertificateRequest } from "./certificates";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
// A lab lives from `up` to `down`; ten years is what kubeadm gives a certificate authority.
const validMs = 10 * 365 * 24 * 3600 * 1000;
// So that a clock set back a little does not refuse a fresh certificate.
const backdatedMs = 3600 * 1000;

interface Authority {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

/** Issues the lab's certificates by a new authority and writes them, with their keys, as `<name>.crt` and `<name>.key`. */
export async function writePki(folder: string, requests: readonly CertificateRequest[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await newAuthority();
  await writeServiceAccountKey(folder);
  await Promise.all(
    requests.map(async (request) => {
      const { certificate, keys } = await issue(authority, request);
      await writePair(folder, request.name, certificate, keys.privateKey);
    }),
  );
  // Last: its certificate says that the others are whole.
  await writePair(folder, "ca", authority.certificate, authority.keys.privateKey);
}

/** Whether `writePki` has run to its end. */
export function hasPki(folder: string): boolean {
  return existsSync(join(folder, "ca.crt"));
}

async function newAuthority(): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=pulumi-k6 lab",
    keys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys };
}

async function issue(authority: Authority, request: CertificateRequest): Promise<Authority> {
  const keys = await newKeys();
  const names = [
    ...(request.dns ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(request.ip ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [request.commonName] }, ...(request.organization === undefined ? [] : [{ O: [request.organization] }])],
    issuer: authority.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
      ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ],
  });
  return { certificate, keys };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - backdatedMs), notAfter: new Date(now + validMs) };
}

async function writePair(
  folder: string,
  name: string,
  certificate: x509.X509Certificate,
  key: webcrypto.CryptoKey,
): Promise<void> {
  await writeKey(join(folder, `${name}.key`), key);
  await writeFile(join(folder, `${name}.crt`), certificate.toString("pem"));
}

async function writeServiceAccountKey(folder: string): Promise<void> {
  const keys = await newKeys();
  const publicKey = await webcrypto.subtle.exportKey("spki", keys.publicKey);
  await writeFile(join(folder, "service-account.pub"), x509.PemConverter.encode(publicKey, x509.PemConverter.PublicKeyTag));
  await writeKey(join(folder, "service-account.key"), keys.privateKey);
}

async function writeKey(path: string, key: webcrypto.CryptoKey): Promise<void> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key);
  await writeFile(path, x509.PemConverter.encode(der, x509.PemConverter.PrivateKeyTag), { mode: 0o600 });
}
