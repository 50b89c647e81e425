// Small comforts; every page works without them.
import { initAll } from './vendor/govuk-frontend.min.js'

initAll()

// A check that takes its time: look again every two seconds, and go on when it has ended.
if (document.querySelector('[data-poll]')) {
  setInterval(async () => {
    const answer = await fetch(location.href, { redirect: 'manual' })
    if (answer.type === 'opaqueredirect' || !(await answer.text()).includes('data-poll')) location.reload()
  }, 2000)
}

// A button that copies a field's text. Without JavaScript the button is not there, and the text can be chosen by hand.
for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy)
  const told = document.getElementById(button.dataset.copy + '-copied')
  button.hidden = false
  button.addEventListener('click', async () => {
    field.select()
    try {
      await navigator.clipboard.writeText(field.value)
      told.textContent = 'Copied.'
    } catch {
      told.textContent = 'The browser did not copy it. The text is selected: press Ctrl and C.'
    }
  })
}
