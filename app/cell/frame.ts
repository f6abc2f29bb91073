/**
 * All there is in the sandbox's page. It runs only where it has an origin of its own, which can reach nothing, and obeys
 * only the page of this site that opened it. It starts the worker and hands it its end of the channel; what the page and
 * the worker say to each other does not pass here.
 */

let begun = false;
addEventListener('message', ({ data, origin, source, ports: [control, channel] }) => {
  // Opened by itself, or in another site's page, it would otherwise run their programs in the name of this site.
  if (begun || self.origin !== 'null' || source !== parent || origin !== location.origin || !control || !channel)
    return;
  begun = true;
  control.postMessage('begun');
  // Not a module: that would have to be fetched, which an origin of its own may not.
  const worker = new Worker(URL.createObjectURL(new Blob([data], { type: 'text/javascript' })), { name: 'cell' });
  worker.onerror = (event) => {
    event.preventDefault();
    control.postMessage('fell');
  };
  worker.postMessage(null, [channel]);
});
