import { describe, expect, test } from 'vitest';
import { RingsideError } from '../../platform/errors.ts';
import { createAmiParser, valueOf } from './ami-parser.ts';

function parse(text: string, size = text.length) {
  const parser = createAmiParser();
  const bytes = Buffer.from(text);
  const messages = [];
  for (let at = 0; at < bytes.length; at += size)
    messages.push(...parser.push(bytes.subarray(at, at + size)));
  parser.end();
  return messages;
}

const banner = 'Asterisk Call Manager/11.0.0\r\n';

describe('the manager protocol', () => {
  const text = `${banner}Response: Success\r\nMessage: Fine: all of it\r\n\r\nEvent: Test\r\nExten: \r\nName: Jürgen Größe\r\nState: a\r\nState: b\r\n\r\n\r\nEvent: <unknown>\r\n\r\n`;

  test.each([text.length, 1, 2, 7])('in chunks of %i bytes', (size) => {
    const [response, event, unknown, ...others] = parse(text, size);
    expect(others).toEqual([]);
    expect(valueOf(response ?? new Map(), 'Message')).toBe('Fine: all of it');
    expect(event?.get('State')).toEqual(['a', 'b']);
    expect(['Exten', 'Name', 'nothing'].map((key) => valueOf(event ?? new Map(), key))).toEqual([
      '',
      'Jürgen Größe',
      '',
    ]);
    expect(valueOf(unknown ?? new Map(), 'Event')).toBe('<unknown>');
  });

  test('without its banner, and with LF alone', () => {
    expect(parse('Event: A\n\nEvent: B\n\n').map((message) => valueOf(message, 'Event'))).toEqual([
      'A',
      'B',
    ]);
  });

  test('control characters and direction marks do not come through', () => {
    const [event] = parse(`${banner}Event: A\r\nCallerIDNum: 49\u0000\u202e30\u001b[2J\r\n\r\n`);
    expect(valueOf(event ?? new Map(), 'CallerIDNum')).toBe('4930[2J');
  });

  test('an endless line or block is left out, not kept', () => {
    const line = 'x'.repeat(20_000);
    const [a, b] = parse(
      `${banner}Event: A\r\nLong: ${line}\r\nAfter: 1\r\n\r\nEvent: B\r\n${`K: ${'v'.repeat(1000)}\r\n`.repeat(1000)}\r\n`,
    );
    expect([valueOf(a ?? new Map(), 'Long'), valueOf(a ?? new Map(), 'After')]).toEqual(['', '1']);
    expect(b?.get('K')?.length).toBeLessThan(300);
  });

  test('a block that was cut off is dropped', () => {
    expect(parse(`${banner}Event: A\r\n\r\nEvent: B\r\nExt`)).toHaveLength(1);
  });
});

describe('what is no manager stream is refused', () => {
  test.each([
    ['nothing', ''],
    ['HTTP', 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n'],
    ['an Event Socket', 'Content-Length: 10\nContent-Type: text/event-plain\n\n'],
    ['JSON', '{"event":"newCall"}\n'],
    ['a key without an event', 'Host: x\r\n\r\n'],
    ['one endless line', 'x'.repeat(100_000)],
  ])('%s', (_name, text) => {
    expect(() => parse(text)).toThrow(RingsideError);
  });
});
