/* One file on its way to a route of ours. */

/** Resolves to what the server made of the file; rejects with `{ texts }`, the refusal's sentence by
    language, which are missing where no answer of ours came. After `signal` it does neither. */
export function upload(address, file, onShare, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.upload.onprogress = (event) => event.lengthComputable && onShare(event.loaded / event.total);
    request.onerror = () => reject({});
    request.onload = () => {
      const { asset, upload: kept, refused } = parsed(request.responseText);
      if (asset ?? kept) resolve(asset ?? kept);
      else reject({ texts: refused });
    };
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // a proxy's page, not our answer
  }
}
