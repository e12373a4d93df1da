import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { notBelieved } from '../hook-body.ts';

/** The key that sipgate signs its events with, as its own library sipgateio 2.15 has it. */
export const sipgateKey = createPublicKey(`-----BEGIN PUBLIC KEY-----
MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAvFdlnqRfO5TmqzjtsFVC
qPz+oW+poi3lXQFvMJJMEAtlU4MbX+yuIkgnC+Qt3AQWIK+oWSEQiybg+p39wEMl
16PZxEzf9gONQvTg1XhyHnwqYUFQj/AoxPKGYC3jmdjZ224SrESiTN3CdxoOc3vk
cXiQstYE7SxnksPtzfk0aIOkicim5/tAP9izNQ18/zmX3ChjK2k72gf5dDlq+qZ8
pRiHAPZ64TySH6cLQDhaoh6Nbq8FEG3usXXPClbUMh2DZaTMPafpd+LNuTngJ/y+
KoZasVuFfXAeBqGA6l5d4Uedfr99Z6qjwDrJ8sU4z2Do9bJrbuqP+mOXEebhSI1K
vi8trEfrIt8hnDBGsBaB9NEO3kYxvDT2/PhC9fNYFocjEpZNd7/mUqTJDYlpa4UC
NDQaU+ATdXG8/P5sGAegks6MQTu+qe9XTO0CV48eswDkz6g3UbLOwmrJK59SjD3J
yAZ52sluwyDKRWw/PPTt8BTQLjvkdbiLUlc4ehJ4b1X7D7diYWHDPeFL47cAvaXh
dXVrZDeBJYibvD1jRx4ES0KlfhwzNXBYUoM/Movg9zMM2PzyHHKS//xIjwUC/FJ6
/6eykno0Hy2B1ev6s3hdY6VkN2zd7Wf+EK4DxRliwsg1U99szFE3ewLfexF+Uag5
M+TfPtOUumI/NHMTvsRW9+ECAwEAAQ==
-----END PUBLIC KEY-----`);

/** Checks `X-Sipgate-Signature`: base64 of RSA-SHA256 over the raw body. Throws `unauthenticated`. */
export function verifySipgate(key: KeyObject, rawBody: Buffer, header: string | undefined): void {
  if (header === undefined)
    throw notBelieved(
      'sipgate signs its events, and this one is not signed.',
      "If it came from sipgate, see that no proxy drops the header X-Sipgate-Signature. For another phone system choose the kind 'Webhook'.",
    );
  if (verify('RSA-SHA256', rawBody, key, Buffer.from(header.slice(0, 4096), 'base64'))) return;
  throw notBelieved(
    "The signature of this event is not sipgate's, or the event was changed on its way.",
    'See that no proxy changes the body of the request.',
  );
}
