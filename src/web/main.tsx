/** The web app begins here. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/query.ts";
import { router } from "./app/routes.ts";
import { colorSchemes, theme } from "./theme.ts";
import "./style/parts.css";
import "./style/fonts.css";
import "./style/tokens.css";
import "./style/mantine.css";
import "./style/base.css";
import "./style/print.css";

const place = document.getElementById("app");
if (place === null) throw new Error("index.html has no #app.");

// Variables and classes come from files: a style element would be refused by the content security policy.
createRoot(place).render(
  <MantineProvider theme={theme} colorSchemeManager={colorSchemes} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>,
);
