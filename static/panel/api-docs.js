// The API's page: Swagger UI over our own schema, with this browser's session.

const place = document.getElementById("api-docs");
const token = document.querySelector("meta[name='csrf-token']")?.content ?? "";

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  requestInterceptor(request) {
    if (request.method && request.method !== "GET") request.headers["X-CSRFToken"] = token;
    return request;
  },
});
