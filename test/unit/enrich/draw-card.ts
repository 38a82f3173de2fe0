import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

/** A browser to draw with: the machine's own, or the one Playwright brought; null when there is none. */
export function findChromium(): string | null {
  const own = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'))
  return [...own, chromium.executablePath()].find((it) => existsSync(it)) ?? null
}

/** A business card as a picture: the firm above, everything else below, dark on light. */
export async function drawCard(executablePath: string, lines: readonly string[]): Promise<Uint8Array> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 560 } })
    const [firm = '', ...rest] = lines.map((it) => it.replace(/&/g, '&amp;').replace(/</g, '&lt;'))
    await page.setContent(
      `<body style="margin:50px;background:#fdfcf7;color:#222;font:30px sans-serif;line-height:1.6"><b style="font-size:42px">${firm}</b>${rest.map((it) => `<div>${it}</div>`).join('')}</body>`,
    )
    return await page.screenshot({ type: 'png' })
  } finally {
    await browser.close()
  }
}
