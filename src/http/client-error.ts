import type { Socket } from 'node:net';
import { RingsideError } from '../platform/errors.ts';
import { presentProblem, problemType } from './problem.ts';

/** Answers bytes that are no HTTP request, before any route: malformed, headers too large, or too slow in coming. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, sentence] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'The request took too long to come in.']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'The headers are too large.']
        : ['400 Bad Request', 'This is no HTTP request that can be read.'];
  const problem = presentProblem(new RingsideError('invalid-input', sentence));
  const body = JSON.stringify({
    ...problem,
    status: Number(status.slice(0, 3)),
    title: status.slice(4),
  });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: ${problemType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
