/** One part of a multipart/form-data body. */
export interface Part {
  name: string;
  fileName: string;
  type: string;
  content: Buffer;
}

/** Reads a multipart/form-data body; empty when it is none. */
export function readMultipart(contentType: string, body: Buffer): Part[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return [];
  const mark = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let at = body.indexOf(mark);
  while (at >= 0) {
    const end = body.indexOf(mark, at + mark.length);
    if (end < 0) break;
    // after the mark comes a line end, before the next one too
    const part = readPart(body.subarray(at + mark.length + 2, end - 2));
    if (part) parts.push(part);
    at = end;
  }
  return parts;
}

function readPart(part: Buffer): Part | null {
  const gap = part.indexOf('\r\n\r\n');
  if (gap < 0) return null;
  const head = part.subarray(0, gap).toString('utf8');
  return {
    name: /\bname="([^"]*)"/i.exec(head)?.[1] ?? '',
    fileName: /\bfilename="([^"]*)"/i.exec(head)?.[1] ?? '',
    type: /^content-type:\s*(\S+)/im.exec(head)?.[1] ?? 'application/octet-stream',
    content: part.subarray(gap + 4),
  };
}
