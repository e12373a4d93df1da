import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

/** Petrol: what can be done. White text on shade 7 and darker has a contrast of 5.9 and more. */
const petrol: MantineColorsTuple = [
  '#e8f4f4',
  '#d0e7e8',
  '#a3d0d2',
  '#71b7bb',
  '#48a1a6',
  '#2b9298',
  '#167f86',
  '#0b6b72',
  '#075a60',
  '#04484d',
];

/** Coral: a phone is ringing. Used for nothing else but the mark. */
const coral: MantineColorsTuple = [
  '#fff0ec',
  '#fbdfd7',
  '#f6bcac',
  '#f2967d',
  '#ee7655',
  '#e8542f',
  '#d4451f',
  '#b83817',
  '#942c11',
  '#75220d',
];

/** Warm greys, so that white cards lie on paper and not on steel. */
const gray: MantineColorsTuple = [
  '#faf9f6',
  '#f3f1ec',
  '#e9e5de',
  '#dbd6cd',
  '#c6c0b5',
  '#9d968a',
  '#6b655b',
  '#504b43',
  '#38342e',
  '#25221e',
];

/** Danger: Mantine's red, but dark enough under white text from shade 6 on. */
const red: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#f25c5c',
  '#d93030',
  '#c02a2a',
  '#a82323',
  '#8a1c1c',
];

const dark: MantineColorsTuple = [
  '#dedbd5',
  '#c2beb7',
  '#a19d95',
  '#75716a',
  '#4b4843',
  '#3b3935',
  '#2e2c29',
  '#232120',
  '#1a1918',
  '#121110',
];

export const theme = createTheme({
  colors: { petrol, coral, red, gray, dark },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 7 },
  black: '#25221e',
  fontFamily:
    "'Hanken Grotesk Variable', system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '11px', xl: '32px' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.2rem', lineHeight: '1.3' },
      h3: { fontSize: '1rem', lineHeight: '1.35' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.45, blur: 2 },
        closeButtonProps: { 'aria-label': 'Close' },
        // Closed at once: while it fades, it would keep the keyboard from whoever goes on with the next key.
        transitionProps: { transition: 'fade-down', duration: 200, exitDuration: 0 },
        // Its <header> is the header of the pop-up, not of the page.
        attributes: { header: { role: 'none' } },
      },
      styles: { title: { fontWeight: 650, fontSize: '1.15rem' } },
    },
    Drawer: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'none' } },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    Tooltip: {
      defaultProps: {
        withArrow: true,
        openDelay: 250,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Select: { defaultProps: { checkIconPosition: 'right' } },
  },
});

/** Colours with a meaning of our own, for both colour schemes. */
export const cssVariables: CSSVariablesResolver = (t) => ({
  variables: {
    '--ringside-accent': t.colors['coral']?.[5] ?? '',
    '--ringside-header': '56px',
  },
  light: {
    '--ringside-mark': t.colors['petrol']?.[7] ?? '',
    '--ringside-focus': t.colors['petrol']?.[6] ?? '',
    '--ringside-page': t.colors.gray[0],
    '--ringside-card': '#ffffff',
    '--ringside-line': t.colors.gray[2],
    '--ringside-pass': '#1c7a35',
    '--ringside-warn': '#945600',
    '--ringside-fail': '#c02a2a',
    '--mantine-color-anchor': t.colors['petrol']?.[7] ?? '',
    '--mantine-color-error': '#c02a2a',
    // Mantine's own are too pale on their tint for small text.
    '--mantine-color-green-light-color': '#1c7a35',
    '--mantine-color-yellow-light-color': '#945600',
    '--mantine-color-placeholder': '#7a746a',
  },
  dark: {
    '--ringside-mark': t.colors['petrol']?.[3] ?? '',
    '--ringside-focus': t.colors['petrol']?.[3] ?? '',
    '--ringside-page': t.colors.dark[8],
    '--ringside-card': t.colors.dark[7],
    '--ringside-line': t.colors.dark[5],
    '--ringside-pass': '#69c47d',
    '--ringside-warn': '#e9b04a',
    '--ringside-fail': '#ff8a80',
    '--mantine-color-anchor': t.colors['petrol']?.[3] ?? '',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-placeholder': '#8f8b84',
  },
});
