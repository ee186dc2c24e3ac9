// What all pages share: data arrives as scripts, because a page opened from a file cannot fetch.
const gdlesson = (() => {
  const asked = new Map(); // name → how to keep or break the promise

  // A promise of the data of data/NAME.js.
  function load(name) {
    if (!asked.has(name)) {
      const entry = {};
      entry.promise = new Promise((keep, fail) => Object.assign(entry, { keep, fail }));
      asked.set(name, entry);
      const script = document.createElement("script");
      script.src = `data/${name}.js`;
      script.onerror = () => {
        asked.delete(name);
        entry.fail(new Error(`${script.src} did not arrive`));
      };
      document.head.append(script);
    }
    return asked.get(name).promise;
  }

  return { load, arrived: (name, data) => asked.get(name)?.keep(data) };
})();
