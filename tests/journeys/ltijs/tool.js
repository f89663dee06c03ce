// A tool of somebody else, on npm's ltijs: it registers itself, lets a redacteur choose, and sends a score.
//   node tool.js PORT DATABASE        registers itself as http://127.0.0.2:PORT; /connect is told of a platform by hand

const path = require("node:path");
const Database = require("ltijs-sequelize");
const lti = require("ltijs").Provider;

const [port, file] = process.argv.slice(2);
const site = `http://127.0.0.2:${port}`;
const storage = new Database("tool", "", "", {
  dialect: "sqlite",
  dialectModule: require(path.join(__dirname, "sqlite.js")),
  storage: file,
  logging: false,
});

lti.setup("a secret of the tool's own", { plugin: storage }, {
  cookies: { secure: true, sameSite: "None" },
  dynReg: { url: site, name: "Rollenspel van elders", description: "Oefen een gesprek.", autoActivate: true },
});
lti.whitelist("/alive", "/connect");
lti.app.get("/alive", (_request, response) => response.send("yes"));
lti.app.get("/connect", async ({ query }, response) => {
  await lti.registerPlatform({
    url: query.issuer,
    name: query.client,
    clientId: query.client,
    authenticationEndpoint: query.auth,
    accesstokenEndpoint: query.token,
    authConfig: { method: "JWK_SET", key: query.keys },
  });
  response.send("yes");
});

const page = (title, body) => `<!doctype html><html lang="nl"><title>${title}</title><h1>${title}</h1>${body}</html>`;
const form = (action, ltik, label) =>
  `<form method="post" action="${action}?ltik=${ltik}"><button>${label}</button></form>`;

lti.onConnect((token, request, response) => {
  const scene = token.platformContext.custom?.scene ?? "none";
  const name = token.userInfo?.name ?? "nobody";
  response.send(page("Rollenspel", `<p>scene ${scene}, name ${name}</p>` +
    form("/score", response.locals.ltik, "Klaar") + form("/members", response.locals.ltik, "Wie doet mee")));
});

lti.onDeepLinking((token, request, response) => {
  response.send(page("Kies een rollenspel", form("/choose", response.locals.ltik, "Neem de keukentafel")));
});

lti.app.post("/choose", async (request, response) => {
  const items = [{
    type: "ltiResourceLink",
    title: "De keukentafel",
    text: "Een gesprek dat je uitstelt.",
    url: site,
    custom: { scene: "keukentafel" },
    window: {},
    lineItem: { scoreMaximum: 20, label: "De keukentafel" },
  }];
  response.send(await lti.DeepLinking.createDeepLinkingForm(response.locals.token, items, { message: "Gelukt." }));
});

lti.app.post("/score", async (request, response) => {
  const { token } = response.locals;
  const lineItem = token.platformContext.endpoint.lineitem;
  await lti.Grade.submitScore(token, lineItem, {
    userId: token.user,
    scoreGiven: 17,
    scoreMaximum: 20,
    activityProgress: "Completed",
    gradingProgress: "FullyGraded",
  });
  const { scores } = await lti.Grade.getScores(token, lineItem, { userId: token.user });
  response.send(page("Verstuurd", `<p>${scores[0].resultScore} of ${scores[0].resultMaximum}</p>`));
});

lti.app.post("/members", async (request, response) => {
  try {
    const { members } = await lti.NamesAndRoles.getMembers(response.locals.token);
    response.send(page("Mensen", `<p>${members.length} members, names: ${members.filter(({ name }) => name).length}</p>`));
  } catch {
    response.send(page("Mensen", "<p>not for this tool</p>"));
  }
});

lti.deploy({ port: Number(port), silent: true }).then(() => console.log(`Ready: ${site}`));
