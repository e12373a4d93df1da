const secondsBetweenRings = 3;
const rings = 20;

/**
 * Two soft notes every three seconds, for a minute, until the answer is called. Laid out ahead on the sound card's clock: the timers of a
 * hidden tab are slow. Silent where nobody has touched the page since it was opened; browsers want that.
 */
export function startRinging(volume: number, count = rings): () => void {
  const context = new AudioContext();
  const loudness = context.createGain();
  // Loudness is felt as the square.
  loudness.gain.value = volume ** 2;
  loudness.connect(context.destination);
  for (let ring = 0; ring < count; ring += 1) {
    const start = context.currentTime + 0.05 + ring * secondsBetweenRings;
    playNote(context, loudness, 659.3, start);
    playNote(context, loudness, 880, start + 0.22);
    playNote(context, loudness, 659.3, start + 0.7);
    playNote(context, loudness, 880, start + 0.92);
  }
  return () => void context.close();
}

/** Like a struck bar of wood: at once there, gone within half a second. */
function playNote(context: AudioContext, out: AudioNode, pitch: number, start: number): void {
  const shape = context.createGain();
  shape.gain.setValueAtTime(0, start);
  shape.gain.linearRampToValueAtTime(0.5, start + 0.01);
  shape.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
  shape.connect(out);
  const note = context.createOscillator();
  note.type = 'sine';
  note.frequency.value = pitch;
  note.connect(shape);
  note.start(start);
  note.stop(start + 0.5);
}
