/* What a page shows lives in its address, so that a link shares it. */

/** Set these `names` of the address to what `named` says; what it does not name is taken out. */
export function setAddress(named, names) {
  const address = new URLSearchParams(window.location.search);
  for (const name of names) {
    if (named[name]) address.set(name, named[name]);
    else address.delete(name);
  }
  const text = address.toString();
  history.replaceState(history.state, "", text ? `?${text}` : ".");
}
