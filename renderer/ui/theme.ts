import { createTheme } from '@mantine/core'

const font = "'Inter Variable', system-ui, sans-serif"

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
    Modal: { defaultProps: { centered: true, radius: 'lg', transitionProps: { duration: 120 } } },
    Button: { defaultProps: { size: 'sm' } },
  },
})
