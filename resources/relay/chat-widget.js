// The chat of a website, as the relay serves it: this function, called with the settings of the business. It runs in
// pages of strangers: no library, nothing global, everything in a shadow tree, every text set as text and never as HTML.
// Styles are a constructed sheet, which no style-src forbids. docs/relay.md says what a strict policy has to allow.
;(settings) => {
  const { base, business, greeting, colour, ask, open, away } = settings
  const api = globalThis.crypto?.subtle
  // Without https there is no cryptography in browsers, and half a chat would lose messages.
  // biome-ignore lint/suspicious/noConsole: whoever builds the page must learn why there is no chat
  if (!api) return console.warn('Deskbell chat needs a page on https.')
  const storeName = `deskbell.chat.${base}`
  const textBytes = new TextEncoder()
  const maxKept = 200

  // ---- what is remembered: the conversation, and the key that answers are locked with ----
  const empty = { secret: null, keys: null, name: '', email: '', phone: '', after: 0, log: [] }
  let memory = null
  const load = () => {
    try {
      return { ...empty, ...JSON.parse(localStorage.getItem(storeName) ?? 'null') }
    } catch {
      return memory ?? { ...empty }
    }
  }
  const save = (change) => {
    memory = { ...load(), ...change }
    memory.log = memory.log.slice(-maxKept)
    try {
      localStorage.setItem(storeName, JSON.stringify(memory))
    } catch {
      // Private windows may have no room: then the conversation lives as long as the page.
    }
    return memory
  }
  const state = () => memory ?? load()
  memory = load()

  const hex = (bytes) => [...bytes].map((it) => it.toString(16).padStart(2, '0')).join('')
  const random = () => hex(crypto.getRandomValues(new Uint8Array(16)))
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes))
  const unbase64 = (text) => Uint8Array.from(atob(text), (it) => it.charCodeAt(0))
  const curve = { name: 'ECDH', namedCurve: 'P-256' }

  const identity = async () => {
    const known = state()
    if (known.secret && known.keys) return known
    const pair = await api.generateKey(curve, true, ['deriveBits'])
    const keys = {
      own: await api.exportKey('jwk', pair.privateKey),
      shown: base64(new Uint8Array(await api.exportKey('raw', pair.publicKey))),
    }
    // Another tab may have been faster.
    const now = load()
    return now.secret && now.keys ? save({}) : save({ secret: random() + random(), keys })
  }

  const visitorOf = async (secret) =>
    hex(new Uint8Array(await api.digest('SHA-256', textBytes.encode(secret)))).slice(0, 32)

  /** Opens an answer; docs/relay.md, "The answer box". */
  const unlock = async ({ id, box }) => {
    const { keys, secret } = state()
    const bytes = unbase64(box)
    if (bytes[0] !== 1) throw new Error('unknown version')
    const other = bytes.slice(1, 66)
    const own = await api.importKey('jwk', keys.own, curve, false, ['deriveBits'])
    const shared = await api.deriveBits(
      { name: 'ECDH', public: await api.importKey('raw', other, curve, false, []) },
      own,
      256,
    )
    const seed = await api.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
    const label = textBytes.encode('deskbell chat answer 1')
    const info = new Uint8Array([...label, ...other, ...unbase64(keys.shown)])
    const key = await api.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: other, info },
      seed,
      { name: 'AES-GCM', length: 256 },
      false,
      ['decrypt'],
    )
    const additionalData = textBytes.encode(`${await visitorOf(secret)}/${id}`)
    const plain = await api.decrypt({ name: 'AES-GCM', iv: bytes.slice(66, 78), additionalData }, key, bytes.slice(78))
    return JSON.parse(new TextDecoder().decode(plain))
  }

  // text/plain needs no preflight: one request instead of two, and nothing for a page's proxy to refuse.
  const post = (path, body, signal) =>
    fetch(`${base}/${path}`, {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(body),
      signal,
    })

  // ---- what is seen ----
  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(name, '')
      else if (value !== false) made.setAttribute(name, value)
    }
    made.append(...children)
    return made
  }
  const host = element('div', { 'data-deskbell-chat': true })
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`
    :host { all: initial; position: fixed; inset: auto 16px 16px auto; z-index: 2147483000; font: 15px/1.45 system-ui, sans-serif; color: #1c1c1e; }
    [hidden] { display: none !important; }
    button, input, textarea { font: inherit; color: inherit; box-sizing: border-box; }
    :focus-visible { outline: 3px solid ${colour}; outline-offset: 2px; }
    .bell { background: ${colour}; color: ${settings.onColour}; border: 2px solid #fff; border-radius: 999px; padding: 12px 20px; font-weight: 600; cursor: pointer; box-shadow: 0 4px 18px #0004; }
    .count { background: #fff; color: #1c1c1e; border-radius: 999px; padding: 0 8px; margin-left: 8px; }
    .panel { position: absolute; right: 0; bottom: 0; width: min(360px, calc(100vw - 32px)); height: min(540px, calc(100vh - 32px)); background: #fff; border-radius: 14px; box-shadow: 0 8px 40px #0005; display: flex; flex-direction: column; overflow: hidden; }
    header { background: ${colour}; color: ${settings.onColour}; padding: 12px 14px; display: flex; align-items: center; gap: 8px; }
    h2 { font-size: 16px; margin: 0; flex: 1; overflow-wrap: anywhere; }
    header p { margin: 0; font-size: 13px; }
    .close { background: none; border: 0; font-size: 22px; line-height: 1; padding: 6px 10px; cursor: pointer; color: inherit; border-radius: 8px; }
    header :focus-visible { outline-color: currentColor; }
    ol { list-style: none; margin: 0; padding: 12px; flex: 1; overflow-y: auto; display: flex; flex-direction: column; gap: 8px; }
    li { align-self: flex-start; max-width: 85%; padding: 8px 12px; border-radius: 12px; background: #f0f0f3; overflow-wrap: anywhere; white-space: pre-wrap; }
    li.mine { align-self: flex-end; background: #e3e7fb; }
    li small { display: block; color: #55555c; font-size: 12px; }
    li.failed { border: 2px solid #b3261e; }
    .retry { border: 0; background: none; text-decoration: underline; padding: 0; cursor: pointer; color: #8c1d18; }
    form { border-top: 1px solid #ddd; padding: 10px 12px; display: grid; gap: 6px; }
    form > div { display: grid; gap: 8px; }
    label { font-size: 13px; display: grid; gap: 2px; }
    ::placeholder { color: #6b6b70; opacity: 1; }
    input, textarea { border: 1px solid #8a8a90; border-radius: 8px; padding: 8px; width: 100%; background: #fff; }
    textarea { resize: none; height: 64px; }
    .send { background: ${colour}; color: ${settings.onColour}; border: 0; border-radius: 8px; padding: 9px; font-weight: 600; cursor: pointer; }
    .note { font-size: 13px; margin: 0; color: #55555c; }
    .out { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (prefers-color-scheme: dark) {
      :host { color: #ececf0; } .panel :focus-visible { outline-color: currentColor; } ::placeholder { color: #a9a9b2; } .panel, input, textarea { background: #1f1f23; } li { background: #2d2d33; } li.mine { background: #313a63; }
      form { border-color: #444; } li small, .note { color: #b5b5bd; } li.failed { border-color: #f2b8b5; } .retry { color: #f2b8b5; }
    }`)
  root.adoptedStyleSheets = [sheet]

  const count = element('span', { class: 'count', hidden: true })
  const bell = element('button', { class: 'bell', type: 'button', 'aria-expanded': 'false' }, settings.label, count)
  const close = element('button', { class: 'close', type: 'button', 'aria-label': 'Close chat' }, '×')
  const hours = element('p', {})
  const list = element('ol', { role: 'log', 'aria-live': 'polite', 'aria-label': 'Conversation', tabindex: '0' })
  const field = (name, label, type, more) => {
    const input = element('input', { name, type, maxlength: '200', ...more })
    return { input, row: element('label', {}, label, input) }
  }
  const name = field('name', 'Your name', 'text', { autocomplete: 'name', required: true })
  const email = field('email', 'E-mail, if you like', 'email', { autocomplete: 'email' })
  const phone = field('phone', 'Phone, if you like', 'tel', { autocomplete: 'tel' })
  const about = element('div', {}, name.row, ask.email ? email.row : '', ask.phone ? phone.row : '')
  const text = element('textarea', {
    name: 'text',
    required: true,
    maxlength: '4000',
    'aria-label': 'Your message',
    placeholder: 'Write a message…',
  })
  const status = element('p', { class: 'note', role: 'status' })
  const form = element('form', {}, about, text, status, element('button', { class: 'send' }, 'Send'))
  const panel = element(
    'section',
    { class: 'panel', role: 'dialog', 'aria-label': `Chat with ${business}`, hidden: true },
    element('header', {}, element('div', {}, element('h2', {}, business), hours), close),
    list,
    form,
  )
  panel.firstChild.firstChild.style.flex = '1'
  root.append(bell, panel)

  let unread = 0
  const timeOf = (at) => new Date(at).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' })
  const shown = new Map()
  const line = (it) => {
    const small = element('small', {}, it.mine ? `You, ${timeOf(it.at)}` : `${it.name || business}, ${timeOf(it.at)}`)
    const made = element('li', { class: it.mine ? 'mine' : 'theirs' }, it.text, small)
    if (it.state === 'sending') small.append(' · sending…')
    if (it.state === 'failed') {
      made.classList.add('failed')
      const retry = element('button', { class: 'retry', type: 'button' }, 'Not sent. Try again')
      retry.addEventListener('click', () => void send(it.id))
      small.append(' · ', retry)
    }
    return made
  }
  const draw = () => {
    const { log, name: known } = state()
    about.hidden = log.some((it) => it.mine)
    if (!name.input.value) name.input.value = known
    if (list.childElementCount === 0) list.append(element('li', { class: 'theirs' }, greeting))
    for (const it of log) {
      const key = `${it.state}`
      const before = shown.get(it.id)
      if (before?.key === key) continue
      const made = line(it)
      if (before) before.made.replaceWith(made)
      else list.append(made)
      shown.set(it.id, { key, made })
    }
    list.scrollTop = list.scrollHeight
    count.hidden = unread === 0
    count.textContent = String(unread)
    bell.setAttribute('aria-label', unread > 0 ? `${settings.label}, ${unread} new` : settings.label)
    const now = Date.now()
    const isOpen = open.some(([from, to]) => from <= now && now < to)
    const next = open.find(([from]) => from > now)
    const when = next && new Date(next[0]).toLocaleString([], { weekday: 'long', hour: 'numeric', minute: '2-digit' })
    hours.textContent = isOpen ? 'We are here now' : when ? `${away} We are back ${when}.` : away
  }
  const change = (id, part) => save({ log: load().log.map((it) => (it.id === id ? { ...it, ...part } : it)) })

  // ---- sending ----
  const send = async (id) => {
    change(id, { state: 'sending' })
    draw()
    const { secret, keys, name, email, phone, log } = await identity()
    const it = log.find((one) => one.id === id)
    if (!it) return
    const given = { name, ...(email && { email }), ...(phone && { phone }) }
    const page = location.href.split('#')[0].slice(0, 1000)
    // The same id each time: what arrived and was not heard back is not there twice.
    const body = {
      secret,
      id,
      key: keys.shown,
      text: it.text,
      at: it.at,
      page,
      referrer: document.referrer.slice(0, 1000),
      ...given,
    }
    for (const wait of [0, 1000, 3000, 8000]) {
      await new Promise((resolve) => setTimeout(resolve, wait))
      const answer = await post('messages', body, AbortSignal.timeout(15000)).catch(() => null)
      if (answer?.ok) {
        change(id, { state: 'sent' })
        status.textContent = ''
        draw()
        return listen()
      }
      if (answer && answer.status < 500 && answer.status !== 429) break
    }
    change(id, { state: 'failed' })
    status.textContent = 'Your message could not be sent. It is kept here; try again in a moment.'
    draw()
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const words = text.value.trim()
    if (words === '') return text.focus()
    const values = { name: name.input.value.trim(), email: email.input.value.trim(), phone: phone.input.value.trim() }
    const id = random()
    const log = [...load().log, { id, mine: true, text: words, at: Date.now(), state: 'sending' }]
    save(about.hidden ? { log } : { ...values, log })
    text.value = ''
    draw()
    text.focus()
    void send(id)
  })

  // ---- answers: one question waits at the relay for as long as the page is open and a conversation is there ----
  let listening = false
  let leaving = false
  const listen = async () => {
    if (listening || leaving || !state().secret || !state().log.some((it) => it.mine)) return
    listening = true
    let pause = 0
    while (!leaving) {
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
      try {
        const { secret, after } = state()
        const answer = await post(
          'answers',
          { secret, after, waitMs: settings.waitMs },
          AbortSignal.timeout(settings.waitMs + 15000),
        )
        if (answer.status === 404) break
        if (!answer.ok) throw new Error(String(answer.status))
        const { answers } = await answer.json()
        for (const it of answers) await take(it)
        pause = 0
      } catch {
        pause = Math.min(60000, Math.max(2000, pause * 2)) * (0.75 + Math.random() / 2)
      }
    }
    listening = false
  }
  const take = async ({ seq, ...sealed }) => {
    const opened = await unlock(sealed).catch(() => null)
    const { log, after } = load()
    const known = log.some((it) => it.id === sealed.id)
    const added =
      opened && !known
        ? [{ id: sealed.id, mine: false, text: opened.text, name: opened.name, at: opened.at, state: 'sent' }]
        : []
    save({ log: [...log, ...added], after: Math.max(after, seq) })
    if (added.length > 0 && panel.hidden) unread += 1
    draw()
  }

  // ---- opening and closing ----
  const show = (yes) => {
    panel.hidden = !yes
    bell.hidden = yes
    bell.setAttribute('aria-expanded', String(yes))
    if (yes) unread = 0
    draw()
    if (yes) (about.hidden || name.input.value ? text : name.input).focus()
    else bell.focus()
  }
  bell.addEventListener('click', () => show(true))
  close.addEventListener('click', () => show(false))
  panel.addEventListener('keydown', (event) => event.key === 'Escape' && show(false))
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  // Another tab of the same website wrote or heard something.
  addEventListener('storage', (event) => {
    if (event.key !== storeName) return
    memory = load()
    draw()
    void listen()
  })
  addEventListener('pagehide', () => {
    leaving = true
    const { secret, log } = state()
    if (secret && log.length > 0) navigator.sendBeacon(`${base}/bye`, JSON.stringify({ secret }))
  })
  addEventListener('pageshow', () => {
    leaving = false
    void listen()
  })

  const begin = () => {
    document.body.append(host)
    // What a closed page left half sent goes on.
    for (const it of state().log.filter((one) => one.state === 'sending')) void send(it.id)
    draw()
    void listen()
  }
  if (document.body) begin()
  else addEventListener('DOMContentLoaded', begin)
}
