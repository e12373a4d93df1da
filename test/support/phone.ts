/** A phone system that speaks the generic CTI format, as far as a test needs one. */
export interface TestPhone {
  ring(call: {
    callId: string;
    from: string;
    users: string[];
    to?: string;
    queue?: string;
  }): Promise<void>;
  answer(callId: string, user: string): Promise<void>;
  hangUp(callId: string, cause?: string): Promise<void>;
  /** Whatever rings or talks. */
  hangUpAll(): Promise<void>;
}

export function phoneAt(hookUrl: string): TestPhone {
  const post = async (body: Record<string, unknown>) => {
    const response = await fetch(hookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`The hook answered ${response.status}: ${await response.text()}`);
  };
  const up = new Set<string>();
  const hangUp = async (callId: string, cause = 'normalClearing') => {
    await post({ event: 'hangup', callId, cause });
    up.delete(callId);
  };
  return {
    async ring({ callId, from, users, to = '+49301234500', queue }) {
      up.add(callId);
      await post({ event: 'newCall', direction: 'in', callId, from, to, user: users, queue });
    },
    answer: (callId, user) => post({ event: 'answer', callId, user, answeringNumber: user }),
    hangUp,
    async hangUpAll() {
      for (const callId of up) await hangUp(callId);
    },
  };
}
