import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { programPath } from "./program.ts";

/** A certificate and its key, as files. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Pair {
  /** A certificate for `name`; `hosts` as openssl writes them: `IP:127.0.0.1,DNS:localhost`. */
  issue(name: string, options?: { readonly hosts?: string; readonly isExpired?: boolean }): Pair;
}

/** An authority of its own in `folder`, which signs certificates with openssl. */
export function createAuthority(folder: string, name: string): Authority {
  const openssl = (...args: string[][]): void => {
    // The OPC UA library leaves the name of a file there that there is not.
    const env = { ...process.env, OPENSSL_CONF: undefined };
    execFileSync(programPath("openssl", "openssl"), args.flat(), { cwd: folder, stdio: "pipe", env });
  };
  const file = (suffix: string): string => join(folder, `${name}-${suffix}`);
  const own = { cert: file("ca.pem"), key: file("ca.key") };
  openssl(
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"],
    ["-subj", `/CN=${name}`, "-keyout", own.key, "-out", own.cert],
  );
  const issue: Authority["issue"] = (subject, { hosts, isExpired = false } = {}) => {
    const pair = { cert: file(`${subject}.pem`), key: file(`${subject}.key`) };
    const request = file(`${subject}.csr`);
    const extensions = file(`${subject}.ext`);
    writeFileSync(extensions, hosts === undefined ? "" : `subjectAltName=${hosts}\n`);
    openssl(
      ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
      ["-subj", `/CN=${subject}`, "-keyout", pair.key, "-out", request],
    );
    openssl(
      ["x509", "-req", "-in", request, "-CA", own.cert, "-CAkey", own.key, "-CAcreateserial"],
      ["-days", isExpired ? "-1" : "30", "-extfile", extensions, "-out", pair.cert],
    );
    return pair;
  };
  return { ...own, issue };
}
