import { type CSSVariablesResolver, createTheme } from '@mantine/core'

const font = "'Inter Variable', system-ui, sans-serif"

const close = { 'aria-label': 'Close' }

export const theme = createTheme({
  primaryColor: 'indigo',
  // Shade 7 carries white text with enough contrast; Mantine's own default of 6 does not for small text.
  primaryShade: { light: 7, dark: 8 },
  fontFamily: font,
  headings: { fontFamily: font, fontWeight: '700' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  components: {
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Modal: {
      defaultProps: { centered: true, radius: 'lg', transitionProps: { duration: 120 }, closeButtonProps: close },
      styles: { title: { fontWeight: 650, fontSize: 16, lineHeight: 1.3, overflowWrap: 'anywhere' } },
    },
    Drawer: { defaultProps: { closeButtonProps: close }, styles: { title: { fontWeight: 650, fontSize: 16 } } },
    InputWrapper: { styles: { description: { fontSize: 12.5 } } },
    Button: { defaultProps: { size: 'sm' } },
  },
})

const own = {
  '--mantine-color-dimmed': 'var(--db-dim)',
  '--mantine-color-placeholder': 'var(--db-dim)',
  '--mantine-color-error': 'var(--db-late)',
  '--mantine-color-text': 'var(--db-text)',
  '--mantine-color-body': 'var(--db-pane)',
  // What looks like a link stays one in the dark, where Mantine's shade is nearly white.
  '--mantine-color-indigo-light-color': 'var(--db-accent-text)',
}

/** Mantine's grey for small print and placeholders has too little contrast; ours has enough in both schemes. */
export const ownColours: CSSVariablesResolver = () => ({ variables: {}, light: own, dark: own })
