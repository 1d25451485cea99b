// Runs in the reader's browser: unpacks the viewer when the first plan is opened, and shows plans in frames.
let page;
const unpack = async () => {
  const bytes = Uint8Array.from(atob(document.getElementById('viewer').textContent), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
};
for (const button of document.querySelectorAll('button.viewer')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const pair = button.closest('.pair');
    const open = pair.querySelector(`iframe[name="${button.dataset.plan}"]`);
    if (open) {
      open.remove();
      button.textContent = 'Open plan';
      return;
    }
    page ??= await unpack();
    const given = document.getElementById(button.dataset.plan).textContent;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches ? ' data-bs-theme="dark"' : '';
    const frame = document.createElement('iframe');
    frame.name = button.dataset.plan;
    frame.title = `The plan ${button.dataset.plan} in pev2`;
    frame.srcdoc = page
      .replace('<html', `<html${dark}`)
      .replace('<body>', () => `<body><script>window.given = ${given}</script>`);
    pair.append(frame);
    button.textContent = 'Close plan';
  });
}
