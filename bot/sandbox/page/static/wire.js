// Talks to the server. An answer is always a delivery: {ok, seconds, body, complaint}.

export const facts = JSON.parse(document.getElementById("page-facts").textContent);

export async function post(path, body) {
  try {
    const answer = await fetch(`/page/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: facts.as, ...body }),
    });
    return await answer.json();
  } catch {
    return { ok: false, complaint: "We had some trouble connecting. Try again?" };
  }
}

export function whereOf(node) {
  const holder = node.closest("[data-where]");
  return holder ? JSON.parse(holder.dataset.where) : null;
}
