import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** A cable between the hub and another program, to be cut and mended. */
export interface Cable {
  /** Of 127.0.0.1. */
  port: number;
  /** Cuts every connection and lets no new one through. */
  cut(): void;
  mend(): void;
  close(): void;
}

export async function layCable(target: net.NetConnectOpts): Promise<Cable> {
  const sockets = new Set<net.Socket>();
  let whole = true;
  const server = net.createServer((near) => {
    if (!whole) return void near.destroy();
    const far = net.connect(target);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      whole = false;
      cutAll();
    },
    mend: () => void (whole = true),
    close() {
      cutAll();
      server.close();
    },
  };
}
