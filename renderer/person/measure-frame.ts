const tallestPx = 6000
const waitMs = 3000

/**
 * How high a mail is at a width. The frame people see has an origin of its own, so nobody can look inside; this one is
 * hidden, of our origin, gone after the look, and may run nothing (no allow-scripts) and load nothing (its own policy).
 */
export function measureFrame(source: string, width: number): Promise<number> {
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-same-origin')
  frame.setAttribute('aria-hidden', 'true')
  frame.tabIndex = -1
  Object.assign(frame.style, {
    position: 'fixed',
    left: '-20000px',
    top: '0',
    width: `${width}px`,
    height: '10px',
    visibility: 'hidden',
    border: '0',
  })
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      const height = frame.contentDocument?.documentElement.scrollHeight ?? 0
      frame.remove()
      resolve(Math.min(tallestPx, Math.max(40, height)))
    }
    const timer = setTimeout(finish, waitMs)
    frame.addEventListener('load', finish, { once: true })
    frame.srcdoc = source
    document.body.append(frame)
  })
}
