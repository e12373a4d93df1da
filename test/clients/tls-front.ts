import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from '../../src/platform/self-signed.testing.ts';

/** https in front of the sandbox, for clients that know nothing else; the certificate is nobody's. */
export async function openTlsFront(
  target: string,
): Promise<{ host: string; close: () => Promise<void> }> {
  const server = createServer(selfSigned(), (asked, response) => {
    const { method, headers, url } = asked;
    const onward = request(`${target}${url ?? '/'}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
