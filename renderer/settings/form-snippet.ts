/** A form to paste into any web page: name, address, phone and one question, the least that makes a good lead. */
export function formSnippet(url: string): string {
  return `<form action="${attribute(url)}" method="post" accept-charset="utf-8">
  <label>Name <input name="name" required autocomplete="name"></label>
  <label>E-mail <input name="email" type="email" required autocomplete="email"></label>
  <label>Phone <input name="phone" type="tel" autocomplete="tel"></label>
  <label>What do you need? <textarea name="message" required></textarea></label>
  <button>Send</button>
</form>`
}

const attribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
