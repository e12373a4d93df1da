/** Who started a run that nobody asked for. */
export const nightly = 'Ringside, by night';
