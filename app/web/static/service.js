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
